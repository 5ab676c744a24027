package io.containr.auth.user;

import io.containr.auth.keycloak.KeycloakUsers;
import io.containr.contracts.identity.IdentityEvent.UserRegistered;
import io.containr.contracts.identity.IdentityEvent.UserUpdated;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.web.ApiException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Users and their profiles. Address and name are Keycloak's: what a new token says wins over our row, so a change that
 * reached only Keycloak, or was made there by an operator, arrives here with the next login.
 */
@Service
public class UserService {

    private final Users users;
    private final KeycloakUsers keycloak;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final Clock clock;

    UserService(Users users, KeycloakUsers keycloak, Outbox outbox, TransactionTemplate transactions, Clock clock) {
        this.users = users;
        this.keycloak = keycloak;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** The user of a token, with our row made or brought up to date where it is behind. */
    @Transactional
    public User known(Identity identity) {
        User user = users.find(identity.id()).orElseGet(() -> add(identity));
        return user.differsFrom(identity) ? followKeycloak(identity) : user;
    }

    private User add(Identity identity) {
        if (users.insert(identity, now())) {
            outbox.append(new UserRegistered(identity.id(), identity.email(), identity.name()), identity.id());
        }
        return locked(identity.id());
    }

    private User followKeycloak(Identity identity) {
        User before = locked(identity.id());
        return before.differsFrom(identity)
                ? save(before, identity.email(), identity.name(), before.avatarUrl())
                : before;
    }

    /** The profile of the token's user; a token from before a change shows the profile after it. */
    @Transactional
    public User profile(Identity identity) {
        return users.find(identity.id()).orElseGet(() -> add(identity));
    }

    /**
     * Changes what the change names.
     *
     * @throws ApiException CONFLICT for an address that is taken, VALIDATION for what the realm refuses
     */
    public User change(Identity identity, ProfileChange change) {
        User before = transactions.execute(status -> profile(identity));
        String email = change.email() == null ? before.email() : change.email();
        String name = change.name() == null ? before.name() : change.name();
        if (!email.equals(before.email()) || !name.equals(before.name())) {
            keycloak.update(before.id(), email, name);
        }
        return transactions.execute(status -> {
            User current = locked(before.id());
            @Nullable
            String avatar = change.avatarUrl() == null
                    ? current.avatarUrl()
                    : change.avatarUrl().value();
            return save(current, email, name, avatar);
        });
    }

    private User save(User before, String email, String name, @Nullable String avatarUrl) {
        User after = new User(before.id(), email, name, avatarUrl, before.createdAt(), now());
        users.update(after);
        outbox.append(new UserUpdated(after.id(), after.email(), after.name()), after.id());
        return after;
    }

    private User locked(UserId id) {
        return users.lock(id).orElseThrow(() -> ApiException.notFound("User"));
    }

    /** As precise as the table is, so that what was written reads back the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
