package io.github.mfagateway.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The sandbox's users and their factors; every response is an envelope. */
final class SandboxUsers {

    private static final List<String> ENABLED = List.of("OTP", "SMS", "EMAIL", "FACE");
    private static final String CODE = "123456";

    private record Pending(String user, String type, JsonObject profile) {}

    private final Map<String, Map<String, JsonObject>> enrolledByUser = new ConcurrentHashMap<>();
    private final Map<String, Pending> pendingByToken = new ConcurrentHashMap<>();

    JsonObject factorsToEnroll(String user) {
        return success(ENABLED.stream()
                .filter(type -> enrolled(user).values().stream().noneMatch(factor -> is(factor, type)))
                .map(type -> new JsonObject().put("factorType", type))
                .collect(toJson()));
    }

    JsonObject enrolledFactors(String user) {
        return success(enrolled(user).values().stream().collect(toJson()));
    }

    JsonObject factor(String user, String factorId) {
        if (factorId == null || factorId.isEmpty()) {
            return failure(400, null, "factorId is required");
        }
        JsonObject factor = enrolled(user).get(factorId);
        return factor == null ? failure(404, null, "factor does not exist") : success(factor);
    }

    JsonObject start(String user, JsonObject request) {
        String type = request.getString("factorType");
        if (type == null || !ENABLED.contains(type)) {
            return failure(400, null, "unknown factor type");
        }
        if (enrolled(user).values().stream().anyMatch(factor -> is(factor, type))) {
            return failure(409, null, "already enrolled");
        }
        if (isNoObject(request, "profile")) {
            return failure(400, null, "profile is not an object");
        }
        String token = UUID.randomUUID().toString();
        pendingByToken.put(
                token,
                new Pending(
                        user,
                        type,
                        request.getValue("profile") == null ? new JsonObject() : request.getJsonObject("profile")));
        JsonObject data = new JsonObject().put("enrollmentToken", token);
        if (type.equals("OTP")) {
            data.put(
                    "otpData",
                    new JsonObject()
                            .put(
                                    "qrCodeUri",
                                    "otpauth://totp/sandbox:" + user
                                            + "?secret=GEZDGNBVGY3TQOJQ&period=30&digits=6&algorithm=SHA1")
                            .put("qrCodeDataUrl", "data:image/png;base64,iVBORw0KGgo=")
                            .put("recoveryCode", "e7ad-aaa4-da75-fa37-57d1-5141"));
        }
        return success(data);
    }

    JsonObject enroll(String user, JsonObject request) {
        String token = request.getString("enrollmentToken");
        if (token == null || !(request.getValue("enrollmentData") instanceof JsonObject verification)) {
            return failure(400, null, "enrollmentToken and enrollmentData are required");
        }
        Pending pending = pendingByToken.get(token);
        if (pending == null || !pending.user.equals(user) || !pending.type.equals(request.getString("factorType"))) {
            return failure(400, 2001, "enrollment token is not valid");
        }
        if (!CODE.equals(verification.getString("passCode")) && verification.getString("photo") == null) {
            return failure(400, pending.type.equals("OTP") ? 6001 : 2001, "wrong code");
        }
        pendingByToken.remove(token);
        String kind = pending.type.equals("SMS") ? "phone" : pending.type.toLowerCase(Locale.ROOT);
        String factorId = "%024x|%s".formatted(user.hashCode() & 0xffffffffL, kind);
        enrolled(user)
                .put(
                        factorId,
                        new JsonObject()
                                .put("factorId", factorId)
                                .put("factorType", pending.type)
                                .put("profile", pending.profile));
        return success(null);
    }

    JsonObject reset(String user, String factorId) {
        if (factorId == null || factorId.isEmpty()) {
            return failure(400, null, "factorId is required");
        }
        return enrolled(user).remove(factorId) == null ? failure(404, null, "factor does not exist") : success(null);
    }

    static JsonObject failure(int statusCode, Integer apiCode, String message) {
        JsonObject envelope = new JsonObject().put("statusCode", statusCode).put("message", message);
        return apiCode == null ? envelope : envelope.put("apiCode", apiCode);
    }

    static JsonObject success(Object data) {
        JsonObject envelope = new JsonObject().put("statusCode", 200).put("message", "操作成功");
        return data == null ? envelope : envelope.put("data", data);
    }

    private Map<String, JsonObject> enrolled(String user) {
        return enrolledByUser.computeIfAbsent(user, any -> new ConcurrentHashMap<>());
    }

    private static boolean isNoObject(JsonObject request, String member) {
        return request.getValue(member) != null && !(request.getValue(member) instanceof JsonObject);
    }

    private static boolean is(JsonObject factor, String type) {
        return type.equals(factor.getString("factorType"));
    }

    private static Collector<JsonObject, ?, JsonArray> toJson() {
        return Collectors.collectingAndThen(Collectors.toList(), JsonArray::new);
    }
}
