package io.github.mfagateway.api.openapi;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class OpenApiDescriptionIT extends OpenApiDescriptionTest {}
