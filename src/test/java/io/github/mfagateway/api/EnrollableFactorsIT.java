package io.github.mfagateway.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class EnrollableFactorsIT extends EnrollableFactorsTest {}
