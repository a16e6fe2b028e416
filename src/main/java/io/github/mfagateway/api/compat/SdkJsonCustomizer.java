package io.github.mfagateway.api.compat;

import java.util.List;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;

import io.quarkus.jackson.ObjectMapperCustomizer;

/** Reads an empty array as an absent object, because PHP encodes an empty object like that. */
@Singleton
class SdkJsonCustomizer implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        List.of(
                        SdkResource.Profile.class,
                        SdkResource.EnrollmentData.class,
                        SdkResource.EnrollmentRequest.class,
                        SdkResource.Enrollment.class,
                        SdkResource.Reset.class,
                        SdkResource.AppSecret.class)
                .forEach(type -> absentIfEmptyArray(mapper, type));
    }

    private static void absentIfEmptyArray(ObjectMapper mapper, Class<?> type) {
        mapper.coercionConfigFor(type).setCoercion(CoercionInputShape.EmptyArray, CoercionAction.AsNull);
    }
}
