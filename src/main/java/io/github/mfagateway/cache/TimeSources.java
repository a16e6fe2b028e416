package io.github.mfagateway.cache;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * The cache's sources of time; tests control them.
 *
 * @param ticker for ages; monotonic
 * @param clock for the expiry of a token
 * @param timer for timeouts; removes cancelled ones
 */
public record TimeSources(Ticker ticker, InstantSource clock, ScheduledExecutorService timer) {}
