package io.containr.auth.keycloak;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** The tokens of users, from Keycloak's OpenID Connect endpoints. */
public class KeycloakTokens {

    private final RestClient http;
    private final String clientSecret;

    KeycloakTokens(RestClient http, String clientSecret) {
        this.http = http;
        this.clientSecret = clientSecret;
    }

    /**
     * @return empty where there is no such user, the password is another, or the account is locked or disabled: Keycloak
     *     does not say which, and nobody should
     * @throws io.containr.runtime.web.ApiException DEPENDENCY_UNAVAILABLE
     */
    public Optional<Tokens> byPassword(String email, String password) {
        MultiValueMap<String, String> form = form("grant_type", "password");
        form.add("username", email);
        form.add("password", password);
        return token(form);
    }

    /**
     * @return empty for a refresh token that is not valid, ran out, or was used before
     * @throws io.containr.runtime.web.ApiException DEPENDENCY_UNAVAILABLE
     */
    public Optional<Tokens> byRefreshToken(String refreshToken) {
        MultiValueMap<String, String> form = form("grant_type", "refresh_token");
        form.add("refresh_token", refreshToken);
        return token(form);
    }

    /**
     * Ends the session of a refresh token.
     *
     * @return false if it is no refresh token of ours; true also where the session had ended before
     * @throws io.containr.runtime.web.ApiException DEPENDENCY_UNAVAILABLE
     */
    public boolean endSession(String refreshToken) {
        Answer answer = post("/logout", form("refresh_token", refreshToken));
        return !answer.isRefusal();
    }

    private Optional<Tokens> token(MultiValueMap<String, String> form) {
        Answer answer = post("/token", form);
        return answer.isRefusal() ? Optional.empty() : Optional.of(answer.tokens());
    }

    private Answer post(String path, MultiValueMap<String, String> form) {
        try {
            return http.post()
                    .uri(path)
                    .headers(headers -> headers.setBasicAuth(KeycloakConfiguration.API_CLIENT, clientSecret))
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .body(form)
                    .exchange((request, response) -> Answer.of(response));
        } catch (RestClientException e) {
            throw KeycloakFailure.of(e);
        }
    }

    private static MultiValueMap<String, String> form(String name, String value) {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add(name, value);
        return form;
    }

    /** Success, with tokens where there are any, or the OAuth error of a refusal. */
    private record Answer(HttpStatusCode status, Body body) {

        static Answer of(RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response) throws IOException {
            HttpStatusCode status = response.getStatusCode();
            Body body = status.value() == 204 ? null : response.bodyTo(Body.class);
            return new Answer(status, body == null ? Body.NONE : body);
        }

        /** The grant itself was refused; any other error is no matter of the user's. */
        boolean isRefusal() {
            if (status.is2xxSuccessful()) {
                return false;
            }
            if ("invalid_grant".equals(body.error())) {
                return true;
            }
            throw KeycloakFailure.of(status, body.error());
        }

        Tokens tokens() {
            return new Tokens(
                    granted(body.accessToken(), "access_token"),
                    granted(body.refreshToken(), "refresh_token"),
                    granted(body.expiresIn(), "expires_in"),
                    granted(body.refreshExpiresIn(), "refresh_expires_in"));
        }

        private static <T> T granted(@Nullable T value, String name) {
            if (value == null) {
                throw new IllegalStateException("Keycloak granted no " + name);
            }
            return value;
        }
    }

    private record Body(
            @JsonProperty("access_token") @Nullable String accessToken,
            @JsonProperty("refresh_token") @Nullable String refreshToken,
            @JsonProperty("expires_in") @Nullable Long expiresIn,
            @JsonProperty("refresh_expires_in") @Nullable Long refreshExpiresIn,
            @JsonProperty("error") @Nullable String error) {

        static final Body NONE = new Body(null, null, null, null, null);

        @Override
        public String toString() {
            return "Body[error=" + error + "]";
        }
    }
}
