package io.github.mfagateway.cache;

/** An answer as bytes and back. */
public interface AnswerBytes<V> {

    byte[] write(V answer);

    V read(byte[] bytes);
}
