package io.github.mfagateway.cache;

import java.time.Instant;
import java.util.Optional;

/**
 * A loaded response.
 *
 * @param subject the owner, whose responses are invalidated together; must be verified by GenAuth
 * @param expires when the owner's token expires
 */
public record LoadedResponse<V>(V response, Optional<String> subject, Optional<Instant> expires) {}
