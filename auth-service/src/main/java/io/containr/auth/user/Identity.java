package io.containr.auth.user;

import io.containr.contracts.ids.UserId;
import org.springframework.security.oauth2.jwt.Jwt;

/** Who a token of ours speaks for. */
public record Identity(UserId id, String email, String name) {

    /** @throws IllegalStateException if a claim is missing that the realm puts into every user's token */
    public static Identity of(Jwt token) {
        return new Identity(UserId.of(claim(token, "sub")), claim(token, "email"), claim(token, "name"));
    }

    private static String claim(Jwt token, String name) {
        String value = token.getClaimAsString(name);
        if (value == null) {
            throw new IllegalStateException("token without " + name);
        }
        return value;
    }
}
