package io.github.mfagateway.genauth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parses {@code data} of GenAuth's envelopes, null if absent. Unexpected JSON is a {@link GenAuthException.Failed}. */
final class EnvelopeDataParser {

    private static final JsonMapper JSON = new JsonMapper();

    private EnvelopeDataParser() {}

    /** {@code [{factorType}]}, a single object, {@code null} or none: GenAuth's documents disagree, so all are accepted. */
    static List<String> factorTypes(JsonNode data) {
        List<String> types = new ArrayList<>();
        elements(data).forEach(factor -> types.add(text(factor, "factorType")));
        return types;
    }

    static List<EnrolledFactor> enrolledFactors(JsonNode data) {
        List<EnrolledFactor> factors = new ArrayList<>();
        elements(data).forEach(factor -> factors.add(enrolledFactor(factor)));
        return factors;
    }

    static EnrolledFactor enrolledFactor(JsonNode factor) {
        return new EnrolledFactor(text(factor, "factorId"), text(factor, "factorType"), profile(factor.get("profile")));
    }

    static StartedEnrollment startedEnrollment(JsonNode data) {
        String token = text(data, "enrollmentToken");
        if (!data.hasNonNull("otpData")) {
            return new StartedEnrollment(token, null);
        }
        JsonNode otp = data.get("otpData");
        return new StartedEnrollment(
                token,
                new StartedEnrollment.Otp(
                        text(otp, "qrCodeUri"), text(otp, "qrCodeDataUrl"), text(otp, "recoveryCode")));
    }

    /** For calls whose response has no data. */
    static Boolean done(JsonNode data) {
        return Boolean.TRUE;
    }

    private static Iterable<JsonNode> elements(JsonNode data) {
        if (data == null) {
            return List.of();
        }
        return data.isArray() ? data : List.of(data);
    }

    private static Map<String, Object> profile(JsonNode profile) {
        return profile == null || !profile.isObject() ? null : JSON.convertValue(profile, new TypeReference<>() {});
    }

    private static String text(JsonNode object, String member) {
        JsonNode text = object == null ? null : object.get(member);
        if (text == null || !text.isTextual() || text.textValue().isBlank()) {
            throw new GenAuthException.Failed("GenAuth responded without " + member, false, null);
        }
        return text.textValue();
    }
}
