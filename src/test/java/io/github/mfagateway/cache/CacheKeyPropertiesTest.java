package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class CacheKeyPropertiesTest {

    @Property
    void equalInputsMakeEqualKeysAndOthersDoNot(
            @ForAll @Size(max = 4) List<@StringLength(max = 3) String> some,
            @ForAll @Size(max = 4) List<@StringLength(max = 3) String> others) {
        assertEquals(some.equals(others), key(some).equals(key(others)));
        assertEquals(key(some).hashCode(), key(some).hashCode());
    }

    @Property
    void movingACharacterFromOneInputToTheNextMakesAnotherKey(@ForAll @StringLength(min = 1, max = 20) String text) {
        for (int cut = 0; cut < text.length(); cut++) {
            assertFalse(CacheKey.of(text.substring(0, cut), text.substring(cut)).equals(CacheKey.of(text, "")));
        }
    }

    @Property
    void aKeyShowsNothing(@ForAll @StringLength(max = 30) String token) {
        assertEquals("CacheKey", CacheKey.of(token).toString());
    }

    private static CacheKey key(List<String> inputs) {
        return CacheKey.of(inputs.toArray(String[]::new));
    }
}
