package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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

    @Property(tries = 200)
    void itIsTheDigestOfAllInputsEachWithItsLengthBefore(
            @ForAll @Size(max = 4) List<@StringLength(max = 5) String> inputs, @ForAll @IntRange(max = 9000) int length)
            throws NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        List<String> all = new ArrayList<>(inputs);
        all.add("t".repeat(length));
        for (String input : all) {
            byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            sha.update(bytes);
        }
        ByteBuffer digest = ByteBuffer.wrap(sha.digest());
        assertEquals(new CacheKey(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong()), key(all));
    }

    @Property
    void aKeyShowsNothing(@ForAll @StringLength(max = 30) String token) {
        assertEquals("CacheKey", CacheKey.of(token).toString());
    }

    private static CacheKey key(List<String> inputs) {
        return CacheKey.of(inputs.toArray(String[]::new));
    }
}
