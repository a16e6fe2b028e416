package io.github.mfagateway.cache;

import java.time.InstantSource;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.github.benmanes.caffeine.cache.Ticker;

import io.quarkus.arc.DefaultBean;

/** Time: ages by a clock that never jumps, the end of a token's life by the one on the wall. Tests turn both. */
@Dependent
class Clocks {

    @Produces
    @Singleton
    @DefaultBean
    Ticker ticker() {
        return Ticker.systemTicker();
    }

    @Produces
    @Singleton
    @DefaultBean
    InstantSource clock() {
        return InstantSource.system();
    }
}
