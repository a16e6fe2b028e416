package io.github.mfagateway.factors;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class EnrollableFactorsIT extends EnrollableFactorsTest {}
