package io.containr.auth.registration;

import io.containr.auth.keycloak.KeycloakUsers;
import io.containr.auth.user.Identity;
import io.containr.auth.user.User;
import io.containr.auth.user.UserService;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.web.ApiException;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Registers a user: claim the admission, make the user in Keycloak, then keep our row, the invitation's use and the event
 * in one transaction. What fails is undone. If we die between the second step and the third, the user exists and can log
 * in, and the first login does the third step.
 */
@Service
public class RegistrationService {

    private static final Logger log = LoggerFactory.getLogger(RegistrationService.class);

    private final Admissions admissions;
    private final KeycloakUsers keycloak;
    private final UserService users;
    private final TransactionTemplate transactions;

    RegistrationService(
            Admissions admissions, KeycloakUsers keycloak, UserService users, TransactionTemplate transactions) {
        this.admissions = admissions;
        this.keycloak = keycloak;
        this.users = users;
        this.transactions = transactions;
    }

    /**
     * Registers.
     *
     * @throws ApiException FORBIDDEN where registration is closed to this person, VALIDATION, CONFLICT for an address that
     *     is taken, DEPENDENCY_UNAVAILABLE
     */
    public User register(NewUser newUser) {
        Optional<UUID> claimed = admissions.claim(newUser.invitation());
        try {
            UserId id = keycloak.create(newUser.email(), newUser.name(), newUser.password());
            return keep(new Identity(id, newUser.email(), newUser.name()), claimed);
        } catch (RuntimeException e) {
            claimed.ifPresent(admissions::release);
            throw e;
        }
    }

    private User keep(Identity identity, Optional<UUID> claimed) {
        try {
            return Origins.supply(
                    origin(identity),
                    () -> transactions.execute(status -> {
                        claimed.ifPresent(invitation -> admissions.use(invitation, identity.id()));
                        return users.known(identity);
                    }));
        } catch (RuntimeException e) {
            undo(identity.id(), e);
            throw e;
        }
    }

    private void undo(UserId user, RuntimeException reason) {
        try {
            keycloak.delete(user);
        } catch (RuntimeException e) {
            log.warn("User {} stays in Keycloak although the registration failed", user, e);
            reason.addSuppressed(e);
        }
    }

    private static Origin origin(Identity identity) {
        Origin request = Origins.current();
        return new Origin(
                request.correlationId(),
                request.causationId(),
                identity.id().toString(),
                identity.email(),
                request.sourceIp(),
                request.userAgent());
    }
}
