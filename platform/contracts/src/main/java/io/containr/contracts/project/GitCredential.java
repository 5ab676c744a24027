package io.containr.contracts.project;

import io.containr.contracts.Sealed;

/**
 * What a service's repository is fetched with.
 *
 * @param username what the provider wants beside a token, such as {@code x-access-token}
 * @param token sealed for the service ({@link ServiceSpec#sealedFor}) under the name {@link #NAME}
 */
public record GitCredential(String username, Sealed token) {

    /** The name that the token is sealed under; no variable can have it. */
    public static final String NAME = "git credential";
}
