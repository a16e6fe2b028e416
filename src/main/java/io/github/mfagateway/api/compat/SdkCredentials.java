package io.github.mfagateway.api.compat;

import jakarta.inject.Singleton;

import io.github.mfagateway.api.BearerToken;
import io.github.mfagateway.api.EndUserHeaders;
import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.EndUser;
import io.vertx.core.http.HttpServerRequest;

/** Reads the token, app id and headers that an SDK sends. GenAuth-branded SDKs send {@code x-genauth-app-id}, the others {@code x-authing-app-id}. */
@Singleton
class SdkCredentials {

    private final String appId;

    SdkCredentials(GenAuthSettings settings) {
        this.appId = settings.appId().orElseThrow();
    }

    /** @throws OtherApplicationException if the app id is not the one of this gateway */
    EndUser user(HttpServerRequest request) {
        return EndUserHeaders.of(request, token(request));
    }

    /** @throws OtherApplicationException if the app id is not the one of this gateway */
    AccessToken token(HttpServerRequest request) {
        checkAppId(request);
        return BearerToken.withOrWithoutScheme(request);
    }

    /**
     * For a call without a token.
     *
     * @throws OtherApplicationException if an app id is not the one of this gateway
     */
    EndUser application(HttpServerRequest request, String appIdInBody) {
        checkAppId(request);
        if (!appId.equals(appIdInBody)) {
            throw new OtherApplicationException();
        }
        return EndUserHeaders.of(request, null);
    }

    private void checkAppId(HttpServerRequest request) {
        for (String header : new String[] {"x-authing-app-id", "x-genauth-app-id"}) {
            if (!request.headers().getAll(header).stream().allMatch(appId::equals)) {
                throw new OtherApplicationException();
            }
        }
    }

    static final class OtherApplicationException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherApplicationException() {
            super("the app id is not the one this gateway serves", null, false, false);
        }
    }
}
