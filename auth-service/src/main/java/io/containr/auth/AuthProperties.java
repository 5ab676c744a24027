package io.containr.auth;

import io.containr.auth.registration.RegistrationMode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of auth-service.
 *
 * @param registration who may register; null: everybody while the gateway is on loopback, else nobody after the first
 * @param gatewayOnLoopback whether only this machine reaches the gateway
 * @param invitationLifetime how long a code is good for
 * @param invitationsPerUser how many unused codes a user may have at a time
 * @param concurrentLogins how many passwords are checked at a time; each check costs Keycloak some 7 MB and a core
 */
@Validated
@ConfigurationProperties(prefix = "containr.auth", ignoreUnknownFields = false)
public record AuthProperties(
        @Valid @NotNull Keycloak keycloak,
        @Nullable RegistrationMode registration,
        @DefaultValue("false") boolean gatewayOnLoopback,
        @NotNull @DefaultValue("7d") Duration invitationLifetime,
        @Min(1) @DefaultValue("50") int invitationsPerUser,
        @Min(1) @DefaultValue("8") int concurrentLogins) {

    /** The mode in force. */
    public RegistrationMode registrationMode() {
        if (registration != null) {
            return registration;
        }
        return gatewayOnLoopback ? RegistrationMode.OPEN : RegistrationMode.CLOSED;
    }

    /**
     * Where Keycloak is and how to get in.
     *
     * @param url such as {@code http://127.0.0.1:8110}, without a path
     * @param apiClientSecret of the client {@code containr-api}, by which users log in
     * @param serviceClientSecret of the client {@code containr-auth-service}, by which users are kept
     */
    public record Keycloak(
            @NotNull URI url,
            @NotBlank String realm,
            @NotBlank String apiClientSecret,
            @NotBlank String serviceClientSecret,
            @NotNull @DefaultValue("2s") Duration connectTimeout,
            @NotNull @DefaultValue("10s") Duration readTimeout) {

        @Override
        public String toString() {
            return "Keycloak[" + url + ", " + realm + "]";
        }
    }
}
