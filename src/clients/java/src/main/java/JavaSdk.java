import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import cn.authing.sdk.java.client.AuthenticationClient;
import cn.authing.sdk.java.dto.EnrollFactorDto;
import cn.authing.sdk.java.dto.EnrollFactorEnrollmentDataDto;
import cn.authing.sdk.java.dto.FactorProfile;
import cn.authing.sdk.java.dto.GetFactorDto;
import cn.authing.sdk.java.dto.ResetFactorDto;
import cn.authing.sdk.java.dto.SendEnrollFactorRequestDto;
import cn.authing.sdk.java.model.AuthenticationClientOptions;

/**
 * GenAuth's Java SDK sees the same through the gateway as directly. Arguments: the gateway's URL, and the stand-in's.
 */
final class JavaSdk {

    private static final String EXCEPTION = "exception ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String host;

    private JavaSdk(String host) {
        this.host = host;
    }

    public static void main(String[] urls) throws Exception {
        JavaSdk gateway = new JavaSdk(urls[0]);
        JavaSdk direct = new JavaSdk(urls[1]);
        StandIn genauth = new StandIn(urls[1]);
        List<String> enrollment = direct.enroll();
        Check.equal(List.of(), enrollment.stream().filter(seen -> seen.startsWith(EXCEPTION)).toList());
        Check.equal(enrollment, gateway.enroll());
        for (String token : List.of("expired-", "locked-")) {
            Check.equal(direct.all(token + UUID.randomUUID()), gateway.all(token + UUID.randomUUID()));
        }
        // what GenAuth says, with HTTP 200 and with the same HTTP status
        for (Map<String, String> failure : List.of(
                Map.of("statusCode", "429"),
                Map.of("statusCode", "429", "http", "429"),
                Map.of("statusCode", "503", "http", "503"),
                Map.of("statusCode", "500"))) {
            genauth.fail(failure);
            List<String> seen = gateway.all("user-" + UUID.randomUUID());
            Check.equal(direct.all("user-" + UUID.randomUUID()), seen);
            System.out.println(failure + " " + seen.get(0));
        }
        // a proxy's page: the gateway's own status is 502
        genauth.fail(Map.of("http", "503"));
        Check.equal(
                withoutDetail(direct.all("user-" + UUID.randomUUID())),
                withoutDetail(gateway.all("user-" + UUID.randomUUID())));
        genauth.fail(Map.of());
        System.out.println("GenAuth's Java SDK sees the same through the gateway");
    }

    private AuthenticationClient as(String token) throws Exception {
        AuthenticationClientOptions options = new AuthenticationClientOptions();
        options.setAppId("app");
        options.setAppSecret("not used by these calls");
        options.setAppHost(host);
        options.setRedirectUri("http://localhost/not-used");
        options.setAccessToken(token);
        return new AuthenticationClient(options);
    }

    private List<String> enroll() throws Exception {
        AuthenticationClient user = as("java-" + UUID.randomUUID());
        List<String> seen = new ArrayList<>();
        seen.add(cached(user::listFactorsToEnroll));
        seen.add(outcome(() -> user.sendEnrollFactorRequest(otp())));
        var started = user.sendEnrollFactorRequest(sms());
        seen.add(outcome(() -> user.enrollFactor(verification(started.getData().getEnrollmentToken(), "000000"))));
        seen.add(outcome(() -> user.enrollFactor(verification(started.getData().getEnrollmentToken(), "123456"))));
        seen.add(cached(user::listFactorsToEnroll));
        seen.add(outcome(user::listEnrolledFactors));
        String factorId = user.listEnrolledFactors().getData().get(0).getFactorId();
        GetFactorDto get = new GetFactorDto();
        get.setFactorId(factorId);
        seen.add(outcome(() -> user.getFactor(get)));
        ResetFactorDto reset = new ResetFactorDto();
        reset.setFactorId(factorId);
        seen.add(outcome(() -> user.resetFactor(reset)));
        seen.add(cached(user::listFactorsToEnroll));
        return seen;
    }

    private List<String> all(String token) throws Exception {
        AuthenticationClient user = as(token);
        GetFactorDto get = new GetFactorDto();
        get.setFactorId("634931036f1551730edd2bb3|phone");
        ResetFactorDto reset = new ResetFactorDto();
        reset.setFactorId("634931036f1551730edd2bb3|phone");
        return List.of(
                outcome(user::listFactorsToEnroll),
                outcome(user::listEnrolledFactors),
                outcome(() -> user.getFactor(get)),
                outcome(() -> user.sendEnrollFactorRequest(sms())),
                outcome(() -> user.enrollFactor(verification("t", "123456"))),
                outcome(() -> user.resetFactor(reset)));
    }

    private static SendEnrollFactorRequestDto sms() {
        SendEnrollFactorRequestDto request = new SendEnrollFactorRequestDto();
        request.setFactorType(SendEnrollFactorRequestDto.FactorType.SMS);
        FactorProfile profile = new FactorProfile();
        profile.setPhoneNumber("18800008888");
        profile.setPhoneCountryCode("+86");
        request.setProfile(profile);
        return request;
    }

    private static SendEnrollFactorRequestDto otp() {
        SendEnrollFactorRequestDto request = new SendEnrollFactorRequestDto();
        request.setFactorType(SendEnrollFactorRequestDto.FactorType.OTP);
        return request;
    }

    private static EnrollFactorDto verification(String enrollmentToken, String passCode) {
        EnrollFactorDto request = new EnrollFactorDto();
        request.setFactorType(EnrollFactorDto.FactorType.SMS);
        request.setEnrollmentToken(enrollmentToken);
        EnrollFactorEnrollmentDataDto data = new EnrollFactorEnrollmentDataDto();
        data.setPassCode(passCode);
        request.setEnrollmentData(data);
        return request;
    }

    /** Without what differs at each call; requestId as whether it is there. */
    private static String outcome(Callable<?> call) {
        return outcome(call, false);
    }

    /** The same for the cached list, whose success has neither message nor requestId. */
    private static String cached(Callable<?> call) {
        return outcome(call, true);
    }

    private static String outcome(Callable<?> call, boolean cached) {
        try {
            ObjectNode envelope = JSON.valueToTree(call.call());
            boolean hasRequestId = envelope.hasNonNull("requestId");
            envelope.remove("requestId");
            if (cached && envelope.path("statusCode").asInt() == 200) {
                envelope.remove("message");
            } else {
                envelope.put("hasRequestId", hasRequestId);
            }
            return withoutSecrets(envelope).toString();
        } catch (Exception failure) {
            return EXCEPTION + String.valueOf(failure.getMessage()).replaceAll("\"requestId\":\"[^\"]*\"", "requestId");
        }
    }

    private static List<String> withoutDetail(List<String> outcomes) {
        return outcomes.stream()
                .map(seen -> seen.startsWith(EXCEPTION) ? EXCEPTION : seen)
                .toList();
    }

    private static JsonNode withoutSecrets(JsonNode node) {
        node.forEach(JavaSdk::withoutSecrets);
        if (node instanceof ObjectNode object) {
            for (String name : List.of("enrollmentToken", "factorId", "qrCodeUri", "qrCodeDataUrl", "recoveryCode")) {
                if (object.hasNonNull(name)) {
                    object.put(name, "differs");
                }
            }
        }
        return node;
    }
}
