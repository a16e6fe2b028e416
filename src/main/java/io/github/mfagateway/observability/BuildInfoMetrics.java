package io.github.mfagateway.observability;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.info.BuildInfo;
import io.quarkus.info.GitInfo;
import io.quarkus.runtime.StartupEvent;

/** {@code mfa_build_info}: 1, with the version and the commit as labels. */
@Dependent
class BuildInfoMetrics {

    void register(@Observes StartupEvent start, MeterRegistry registry, BuildInfo build, Instance<GitInfo> git) {
        // a build outside a git repository has no commit
        String revision = git.isResolvable() ? git.get().latestCommitId() : "unknown";
        Gauge.builder("mfa.build.info", () -> 1)
                .description("The gateway's version and commit")
                .tags("version", build.version(), "revision", revision)
                .register(registry);
    }
}
