package io.github.mfagateway.cache;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * Time, as the cache reads it; a test's may stand still.
 *
 * @param ticker for ages; never jumps
 * @param clock for the end of a token's life
 * @param timer for timeouts; drops what is cancelled
 */
public record Time(Ticker ticker, InstantSource clock, ScheduledExecutorService timer) {}
