package io.containr.auth.user.web;

import io.containr.auth.user.User;
import io.containr.contracts.ids.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A user in an answer. */
public record UserView(
        UserId id, String email, String name, @Nullable String avatarUrl, Instant createdAt, Instant updatedAt) {

    public static UserView of(User user) {
        return new UserView(user.id(), user.email(), user.name(), user.avatarUrl(), user.createdAt(), user.updatedAt());
    }
}
