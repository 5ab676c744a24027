package io.containr.contracts.identity;

import io.containr.contracts.ids.UserId;

/** Facts from auth-service. */
public sealed interface IdentityEvent {

    UserId user();

    record UserRegistered(UserId user, String email, String name) implements IdentityEvent {}

    record UserUpdated(UserId user, String email, String name) implements IdentityEvent {}

    record UserLoggedIn(UserId user, String email) implements IdentityEvent {}

    record UserLoggedOut(UserId user) implements IdentityEvent {}
}
