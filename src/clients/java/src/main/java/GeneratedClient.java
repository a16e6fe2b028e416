import java.util.List;
import java.util.Map;
import java.util.UUID;

import generated.ApiClient;
import generated.ApiException;
import generated.ApiResponse;
import generated.EnrollableFactor;
import generated.EnrollableFactors;
import generated.EnrollmentVerification;
import generated.FactorsApi;
import generated.NewEnrollment;
import generated.StartedEnrollment;

/** A whole enrollment, 304 and failures with the generated client. Arguments: the gateway's URL, and the stand-in's. */
final class GeneratedClient {

    private final String gateway;

    private GeneratedClient(String gateway) {
        this.gateway = gateway;
    }

    public static void main(String[] urls) throws Exception {
        GeneratedClient client = new GeneratedClient(urls[0]);
        client.enroll(client.as("generated-" + UUID.randomUUID()));
        client.failures(new StandIn(urls[1]));
        System.out.println("the generated client works: an enrollment, 304, 401, 400, 502, 503");
    }

    private FactorsApi as(String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(gateway);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return new FactorsApi(client);
    }

    private void enroll(FactorsApi user) throws ApiException {
        ApiResponse<EnrollableFactors> all = user.listEnrollableFactorsWithHttpInfo(null, null);
        Check.equal(List.of("OTP", "SMS", "EMAIL", "FACE"), types(all.getData()));
        String etag = all.getHeaders().get("etag").get(0);
        Check.equal(304, status(() -> user.listEnrollableFactors(null, etag)));

        StartedEnrollment started = user.startEnrollment(
                new NewEnrollment().factorType("SMS").phoneNumber("18800008888").phoneCountryCode("+86"), "en-US", null);
        EnrollmentVerification verification = new EnrollmentVerification()
                .factorType("SMS")
                .enrollmentToken(started.getEnrollmentToken())
                .passCode("123456");
        user.enroll(verification, null, null);
        Check.equal(List.of("OTP", "EMAIL", "FACE"), types(user.listEnrollableFactors(null, null)));

        String factorId = user.listEnrolledFactors(null, null).getFactors().get(0).getFactorId();
        Check.equal(true, factorId.endsWith("|phone"));
        Check.equal("SMS", user.getFactor(factorId, null, null).getFactorType());
        user.resetFactor(factorId, null, null);
        Check.equal(List.of("OTP", "SMS", "EMAIL", "FACE"), types(user.listEnrollableFactors(null, null)));
        Check.equal(400, status(() -> user.enroll(verification.passCode(null), null, null)));
    }

    private void failures(StandIn genauth) throws Exception {
        Check.equal(401, status(() -> as("expired-1").listEnrollableFactors(null, null)));
        genauth.fail(Map.of("http", "503"));
        Check.equal(502, status(() -> as("generated-down").listEnrollableFactors(null, null)));
        int status = 502;
        for (int i = 0; i < 50 && status == 502; i++) {
            FactorsApi user = as("generated-down-" + i);
            status = status(() -> user.listEnrollableFactors(null, null));
        }
        Check.equal(503, status);
        genauth.fail(Map.of());
    }

    private static List<String> types(EnrollableFactors factors) {
        return factors.getFactors().stream().map(EnrollableFactor::getFactorType).toList();
    }

    interface Call {
        void run() throws ApiException;
    }

    /** The status of the exception that a call throws, or 0. */
    private static int status(Call call) {
        try {
            call.run();
            return 0;
        } catch (ApiException failure) {
            return failure.getCode();
        }
    }
}
