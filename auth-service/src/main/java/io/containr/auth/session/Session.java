package io.containr.auth.session;

import io.containr.auth.keycloak.Tokens;
import io.containr.auth.user.User;

/** A user who is logged in. */
public record Session(User user, Tokens tokens) {}
