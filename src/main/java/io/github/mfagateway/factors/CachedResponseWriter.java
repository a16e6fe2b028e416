package io.github.mfagateway.factors;

import java.util.List;

/** Serializes enrollable factors once, before they are cached. */
public interface CachedResponseWriter {

    /** @param types as GenAuth spells and orders them */
    CachedResponse write(List<String> types);
}
