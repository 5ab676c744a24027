package io.containr.auth.session;

import io.containr.auth.AuthProperties;
import io.containr.auth.keycloak.KeycloakTokens;
import io.containr.auth.keycloak.Tokens;
import io.containr.auth.user.Identity;
import io.containr.auth.user.User;
import io.containr.auth.user.UserService;
import io.containr.contracts.identity.IdentityEvent.UserLoggedIn;
import io.containr.contracts.identity.IdentityEvent.UserLoggedOut;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.web.ApiException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Login, refresh and logout: Keycloak decides, we tell the other services. */
@Service
public class SessionService {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KeycloakTokens keycloak;
    private final JwtDecoder decoder;
    private final UserService users;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final MeterRegistry meters;
    private final LoginGate gate;

    SessionService(
            KeycloakTokens keycloak,
            JwtDecoder decoder,
            UserService users,
            Outbox outbox,
            TransactionTemplate transactions,
            MeterRegistry meters,
            AuthProperties properties) {
        this.keycloak = keycloak;
        this.decoder = decoder;
        this.users = users;
        this.outbox = outbox;
        this.transactions = transactions;
        this.meters = meters;
        this.gate = new LoginGate(properties.concurrentLogins(), PATIENCE);
    }

    /**
     * Logs a user in.
     *
     * @param email in its normal form
     * @throws ApiException UNAUTHENTICATED, with one message for every reason; RATE_LIMITED; DEPENDENCY_UNAVAILABLE
     */
    public Session login(String email, String password) {
        Optional<Tokens> granted = gate.enter(email, () -> keycloak.byPassword(email, password));
        count(granted.isPresent() ? "granted" : "refused");
        Tokens tokens = granted.orElseThrow(() -> ApiException.unauthenticated("Wrong e-mail address or password"));
        Identity identity = identity(tokens);
        User user = Origins.supply(
                origin(identity.id(), identity.email()),
                () -> transactions.execute(status -> {
                    User known = users.known(identity);
                    outbox.append(new UserLoggedIn(known.id(), known.email()), known.id());
                    return known;
                }));
        return new Session(user, tokens);
    }

    /**
     * New tokens for a refresh token, which is good for one use. Using it again ends the whole session, as one of the two
     * users of it must be a thief.
     *
     * @throws ApiException UNAUTHENTICATED, DEPENDENCY_UNAVAILABLE
     */
    public Session refresh(String refreshToken) {
        Tokens tokens = keycloak.byRefreshToken(refreshToken)
                .orElseThrow(() -> ApiException.unauthenticated("The session has ended, log in again"));
        Identity identity = identity(tokens);
        User user = Origins.supply(origin(identity.id(), identity.email()), () -> users.known(identity));
        return new Session(user, tokens);
    }

    /**
     * Ends the session of a refresh token. Access tokens that were given out stay good until they run out.
     *
     * @throws ApiException UNAUTHENTICATED, DEPENDENCY_UNAVAILABLE
     */
    public void logout(String refreshToken) {
        UserId user = RefreshTokens.subject(refreshToken)
                .filter(subject -> keycloak.endSession(refreshToken))
                .orElseThrow(() -> ApiException.unauthenticated("Not a refresh token"));
        Origins.run(
                origin(user, Origins.current().actorEmail()),
                () -> transactions.executeWithoutResult(status -> outbox.append(new UserLoggedOut(user), user)));
    }

    private Identity identity(Tokens tokens) {
        return Identity.of(decoder.decode(tokens.accessToken()));
    }

    /** The request's own origin, but who it speaks for is known only now. */
    private static Origin origin(UserId user, @Nullable String email) {
        Origin request = Origins.current();
        return new Origin(
                request.correlationId(),
                request.causationId(),
                user.toString(),
                email,
                request.sourceIp(),
                request.userAgent());
    }

    private void count(String outcome) {
        meters.counter("containr.logins", "outcome", outcome).increment();
    }
}
