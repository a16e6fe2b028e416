package io.github.mfagateway.cache;

/** A response as bytes and back. */
public interface ResponseCodec<V> {

    byte[] encode(V response);

    V decode(byte[] bytes);
}
