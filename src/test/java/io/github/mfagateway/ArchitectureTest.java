package io.github.mfagateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The one direction of the house: HTTP in → factors → cache → genauth → GenAuth; redis is below the cache, and optional. */
class ArchitectureTest {

    private static final String HOUSE = "io.github.mfagateway";

    private final JavaClasses house = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(HOUSE);

    @Test
    void nothingImportsBackwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(HOUSE + "..")
                .layer("api")
                .definedBy(HOUSE + ".api..")
                .layer("http")
                .definedBy(HOUSE + ".http")
                .layer("factors")
                .definedBy(HOUSE + ".factors")
                .layer("cache")
                .definedBy(HOUSE + ".cache")
                .layer("redis")
                .definedBy(HOUSE + ".cache.redis")
                .layer("genauth")
                .definedBy(HOUSE + ".genauth..")
                .layer("config")
                .definedBy(HOUSE + ".config")
                .layer("observability")
                .definedBy(HOUSE + ".observability")
                .layer("sandbox")
                .definedBy(HOUSE + ".sandbox")
                .whereLayer("http")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("http")
                .whereLayer("factors")
                .mayOnlyBeAccessedByLayers("api", "http")
                .whereLayer("redis")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("api", "http", "factors", "redis")
                .whereLayer("genauth")
                .mayOnlyBeAccessedByLayers("api", "http", "factors")
                .whereLayer("observability")
                .mayOnlyBeAccessedByLayers("api", "genauth")
                .whereLayer("sandbox")
                .mayNotBeAccessedByAnyLayer()
                .check(house);
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles().check(house);
    }

    @Test
    void theCacheKnowsNeitherHttpNorGenAuth() {
        noClasses()
                .that()
                .resideInAPackage(HOUSE + ".cache")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..", HOUSE + ".genauth", "com.fasterxml..")
                .check(house);
    }

    @Test
    void redisKnowsNeitherHttpNorGenAuth() {
        noClasses()
                .that()
                .resideInAPackage(HOUSE + ".cache.redis")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "io.vertx.core.http..", HOUSE + ".genauth", "com.fasterxml..")
                .check(house);
    }

    @Test
    void onlyRedisKnowsRedis() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOUSE + ".cache.redis")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.redis..", "io.quarkus.redis..")
                .check(house);
    }

    @Test
    void theClientKnowsNoHttpStatusOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(HOUSE + ".genauth")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jboss.resteasy.reactive.server..")
                .check(house);
    }

    /** One on each side; each has a test of what breaks when Vert.x changes them. */
    @Test
    void onlyTwoClassesKnowInternalsOfVertx() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(ServerTransport|GenAuthConnectionHandler)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..impl..")
                .check(house);
    }

    @Test
    void namesAreTheFieldsOwn() {
        classes()
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Base)")
                .check(house);
    }
}
