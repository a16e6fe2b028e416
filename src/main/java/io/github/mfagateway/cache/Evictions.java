package io.github.mfagateway.cache;

/** What ends what is remembered, when another replica says so. Users are named as {@link SharedMemory#user} names them. */
public interface Evictions {

    /** None of the user's answers from before is given again. */
    void evict(String user);

    /** The user's answers are asked for again before they are given, but still stand in for those that cannot be had. */
    void distrust(String user);

    /** The same for everybody: who was evicted in the meantime cannot be known any more. */
    void distrustAll();
}
