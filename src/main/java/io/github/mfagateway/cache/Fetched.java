package io.github.mfagateway.cache;

import java.time.Instant;
import java.util.Optional;

/**
 * What a load brings.
 *
 * @param subject whose answer it is, so that all of theirs can be evicted together; believed, so it must be proven
 * @param expires when the right to it ends
 */
public record Fetched<V>(V answer, Optional<String> subject, Optional<Instant> expires) {}
