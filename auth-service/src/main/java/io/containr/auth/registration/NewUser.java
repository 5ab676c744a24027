package io.containr.auth.registration;

import org.jspecify.annotations.Nullable;

/**
 * Who wants to register.
 *
 * @param email in its normal form
 * @param invitation the code, null where the person has none
 */
public record NewUser(
        String email,
        String name,
        String password,
        @Nullable String invitation) {

    @Override
    public String toString() {
        return "NewUser[" + email + "]";
    }
}
