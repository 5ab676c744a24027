package io.containr.runtime.security;

import io.containr.contracts.ids.UserId;
import io.containr.runtime.web.ApiException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * The user a request speaks for.
 *
 * @param email null where the token has none
 * @param token the bearer token itself, for a call to another service on the user's behalf; never log it
 */
public record Actor(UserId id, @Nullable String email, String token) {

    /** @throws ApiException UNAUTHENTICATED where the request carries no valid token */
    public static Actor current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof JwtAuthenticationToken bearer) {
            Jwt jwt = bearer.getToken();
            String subject = jwt.getSubject();
            if (subject != null) {
                return new Actor(UserId.of(subject), jwt.getClaimAsString("email"), jwt.getTokenValue());
            }
        }
        throw ApiException.unauthenticated("Authentication required");
    }

    @Override
    public String toString() {
        return "Actor[" + id + "]";
    }
}
