package io.containr.auth.keycloak;

/**
 * What a login grants.
 *
 * @param accessToken a JWT that every service accepts
 * @param refreshToken good for one use
 * @param expiresIn seconds the access token lives
 * @param refreshExpiresIn seconds the refresh token lives
 */
public record Tokens(String accessToken, String refreshToken, long expiresIn, long refreshExpiresIn) {

    @Override
    public String toString() {
        return "Tokens[hidden]";
    }
}
