package io.containr.auth.registration;

import java.time.Instant;
import java.util.UUID;

/**
 * Lets one person register.
 *
 * @param code what the person needs; known only to who made it, as we keep its hash alone
 */
public record Invitation(UUID id, String code, Instant expiresAt) {

    @Override
    public String toString() {
        return "Invitation[" + id + "]";
    }
}
