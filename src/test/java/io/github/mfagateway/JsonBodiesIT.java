package io.github.mfagateway;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class JsonBodiesIT extends JsonBodiesTest {}
