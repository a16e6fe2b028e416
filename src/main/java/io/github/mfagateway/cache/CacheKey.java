package io.github.mfagateway.cache;

/**
 * A digest of 256 bits over every input that can change the response: SHA-256, or SHA-512/256 in a native executable. Each
 * input is preceded by its length, so that two lists of inputs never give the same bytes. No input can be read back.
 */
public record CacheKey(long first, long second, long third, long fourth) {

    // one per thread, because looking the algorithm up takes as long as digesting a short token
    private static final ThreadLocal<CacheKeyDigest> DIGESTER = ThreadLocal.withInitial(CacheKeyDigest::new);

    /** @param inputs in a fixed order; the whole token is one of them, never a claim of it */
    public static CacheKey of(String... inputs) {
        CacheKeyDigest digester = DIGESTER.get();
        for (String input : inputs) {
            digester.add(input);
        }
        return digester.key();
    }

    /** Written by hand, because a native executable interprets a record's generated method: some 20 µs for each hit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key
                && first == key.first
                && second == key.second
                && third == key.third
                && fourth == key.fourth;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first); // a digest's bits are already spread
    }

    @Override
    public String toString() {
        return "CacheKey";
    }
}
