package io.github.mfagateway.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class RequestFramingIT extends RequestFramingTest {}
