package io.github.mfagateway.factors;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class OpenApiDescriptionIT extends OpenApiDescriptionTest {}
