package io.github.mfagateway.cache;

import java.util.Optional;

/** What replicas remember together, beyond what each remembers by itself. It is optional: nothing of it fails. */
public interface SharedMemory {

    /** The name under which a user's answers are known to every replica; empty if nobody told whose the key is. */
    Optional<String> user(CacheKey key, Optional<String> subject);

    /**
     * A key's answer.
     *
     * @param secret known to those who may read it, and to nobody else
     */
    <V> SharedAnswer<V> answer(CacheKey key, String secret, AnswerBytes<V> bytes);

    /** A user's answers have changed: every replica hears of it. */
    void evict(CacheKey key, String user);

    /** Tells what other replicas evict, from now on. */
    void tell(Invalidations invalidations);

    /** Every replica for itself. */
    static SharedMemory none() {
        return new SharedMemory() {
            @Override
            public Optional<String> user(CacheKey key, Optional<String> subject) {
                return subject;
            }

            @Override
            public <V> SharedAnswer<V> answer(CacheKey key, String secret, AnswerBytes<V> bytes) {
                return SharedAnswer.none();
            }

            @Override
            public void evict(CacheKey key, String user) {
                // nobody else remembers
            }

            @Override
            public void tell(Invalidations invalidations) {
                // nobody else evicts
            }
        };
    }
}
