package io.containr.simulator.access;

import org.jspecify.annotations.Nullable;

/** Who calls: a user, or one of the user's API tokens. */
public record Caller(String user, @Nullable String token) {

    public static final String ROOT = "root@pam";

    /** {@code user@realm} or {@code user@realm!token}, as task identifiers carry it. */
    public String id() {
        return token == null ? user : user + "!" + token;
    }

    /** A token of root is not root: what only root may do is refused to it. */
    public boolean isRoot() {
        return token == null && user.equals(ROOT);
    }
}
