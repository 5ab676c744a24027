package io.containr.auth.keycloak;

import io.containr.runtime.web.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;

/** What it means for the caller of our API when Keycloak fails: try again where that may help, an incident else. */
final class KeycloakFailure {

    private static final Logger log = LoggerFactory.getLogger(KeycloakFailure.class);

    private KeycloakFailure() {}

    /** Keycloak did not answer, or nothing we understand. */
    static RuntimeException of(RestClientException e) {
        if (e instanceof ResourceAccessException) {
            return unavailable(String.valueOf(e.getMessage()));
        }
        return new IllegalStateException("Keycloak answered what we do not understand", e);
    }

    /** The token of auth-service itself could not be had. */
    static RuntimeException of(OAuth2AuthorizationException e) {
        if (!(e instanceof ClientAuthorizationException) || isServerError(e)) {
            return unavailable(String.valueOf(e.getMessage()));
        }
        return new IllegalStateException("Keycloak does not let auth-service in", e);
    }

    /** Keycloak answered an error that no user's input explains. */
    static RuntimeException of(HttpStatusCode status, @Nullable String error) {
        if (status.is5xxServerError()) {
            return unavailable("status " + status.value());
        }
        return new IllegalStateException("Keycloak refused a request of ours: " + status.value() + " " + error);
    }

    private static boolean isServerError(OAuth2AuthorizationException e) {
        return e.getError().getErrorCode().equals("invalid_token_response")
                || e.getError().getErrorCode().equals("server_error");
    }

    private static ApiException unavailable(String reason) {
        log.warn("Keycloak is unavailable: {}", reason);
        return ApiException.unavailable("The identity provider does not answer, try again");
    }
}
