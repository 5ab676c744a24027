package io.containr.simulator.access;

import io.containr.simulator.api.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells who calls, from an API token or a ticket. */
public final class Authenticator {

    private static final String TOKEN_SCHEME = "PVEAPIToken=";

    private final AccessControl access;
    private final Tickets tickets;

    public Authenticator(AccessControl access, Tickets tickets) {
        this.access = access;
        this.tickets = tickets;
    }

    /**
     * The caller, or empty where no credentials came.
     *
     * @throws ApiException 401 for credentials that are wrong, and for a change by ticket without its CSRF token
     */
    public Optional<Caller> authenticate(
            String method, @Nullable String authorization, @Nullable String cookie, @Nullable String csrf) {
        if (authorization != null && authorization.startsWith(TOKEN_SCHEME)) {
            String[] parts = authorization.substring(TOKEN_SCHEME.length()).split("=", 2);
            return Optional.of(access.authenticate(parts[0], parts.length == 2 ? parts[1] : "")
                    .orElseThrow(() -> ApiException.unauthorized("Authentication failed!")));
        }
        if (cookie == null || cookie.isEmpty()) {
            return Optional.empty();
        }
        Caller caller = tickets.verify(URLDecoder.decode(cookie.replace("+", "%2B"), StandardCharsets.UTF_8))
                .orElseThrow(() -> ApiException.unauthorized("permission denied - invalid PVE ticket"));
        if (!method.equals("GET") && !tickets.csrfMatches(caller, csrf)) {
            throw ApiException.unauthorized("Permission denied - invalid csrf token");
        }
        return Optional.of(caller);
    }
}
