package io.github.mfagateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.CacheResult.Source;

class CacheStatusTest {

    /** RFC 9211, section 2: {@code hit} or {@code fwd}, and of the reasons to forward the one that is most specific. */
    @ParameterizedTest
    @CsvSource({
        "FRESH, hit; ttl=-12",
        "UNREFRESHED, hit; ttl=-12",
        "REVALIDATING, hit; ttl=-12; detail=revalidating",
        "STALE, hit; ttl=-12; detail=genauth-unavailable",
        "OVERLOADED, hit; ttl=-12; detail=overloaded",
        "SHARED, hit; ttl=-12; detail=shared",
        "MISS, fwd=uri-miss; stored",
        "COLLAPSED, fwd=uri-miss; collapsed",
        "EXPIRED, fwd=stale",
        "COLLAPSED_EXPIRED, fwd=stale; collapsed",
        "BYPASS, fwd=request"
    })
    void everySourceHasItsWords(Source source, String words) {
        CacheResult<String> found =
                new CacheResult<>("response", source, Duration.ofSeconds(42), Duration.ofMillis(-11_500), true);

        assertEquals("genauth-mfa-gateway; " + words, CacheHeaders.cacheStatus(found));
    }
}
