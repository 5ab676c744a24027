package io.containr.auth.user;

import io.containr.contracts.ids.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user as the API shows them.
 *
 * @param email in lower case
 * @param avatarUrl an http or https URL, null where none was given
 */
public record User(
        UserId id, String email, String name, @Nullable String avatarUrl, Instant createdAt, Instant updatedAt) {

    /** Whether the user's tokens name another address or another name. */
    boolean differsFrom(Identity identity) {
        return !email.equals(identity.email()) || !name.equals(identity.name());
    }
}
