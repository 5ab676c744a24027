package io.containr.runtime.web;

import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives every request its origin, which its messages and log lines then carry. The correlation id is the caller's
 * {@code X-Request-Id} where that is a UUID, and is returned under that name.
 */
final class OriginFilter extends OncePerRequestFilter {

    private static final String REQUEST_ID = "X-Request-Id";
    private static final int LONGEST_AGENT = 512;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        UUID correlation = correlation(request.getHeader(REQUEST_ID));
        response.setHeader(REQUEST_ID, correlation.toString());
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        String id = null;
        String email = null;
        if (authentication instanceof JwtAuthenticationToken token) {
            id = token.getToken().getSubject();
            email = token.getToken().getClaimAsString("email");
        }
        Origin origin = new Origin(correlation, null, id, email, sourceIp(request), agent(request));
        try (Origins.Scope ignored = Origins.open(origin)) {
            chain.doFilter(request, response);
        }
    }

    private static UUID correlation(@Nullable String requestId) {
        try {
            return requestId == null ? Ids.next() : UUID.fromString(requestId);
        } catch (IllegalArgumentException e) {
            return Ids.next();
        }
    }

    /** The gateway sets the header anew, so its last entry is the client as the gateway saw it. */
    private static String sourceIp(HttpServletRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For");
        if (forwarded == null || forwarded.isBlank()) {
            return request.getRemoteAddr();
        }
        return forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
    }

    private static @Nullable String agent(HttpServletRequest request) {
        String agent = request.getHeader("User-Agent");
        return agent == null || agent.length() <= LONGEST_AGENT ? agent : agent.substring(0, LONGEST_AGENT);
    }
}
