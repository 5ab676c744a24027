package io.containr.auth.registration;

import io.containr.auth.AuthProperties;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.Ids;
import io.containr.runtime.web.ApiException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Decides who may register. */
@Service
public class Admissions {

    private static final int CODE_BYTES = 20;

    private final Invitations invitations;
    private final AuthProperties properties;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Admissions(Invitations invitations, AuthProperties properties, Clock clock) {
        this.invitations = invitations;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Invites one person.
     *
     * @throws ApiException CONFLICT where nobody may register, or too many invitations of this user are open
     */
    @Transactional
    public Invitation invite(UserId creator) {
        if (properties.registrationMode() == RegistrationMode.CLOSED) {
            throw ApiException.conflict("Registration is closed");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (invitations.countOpen(creator, now) >= properties.invitationsPerUser()) {
            throw ApiException.conflict("Too many invitations are open");
        }
        Invitation invitation = new Invitation(Ids.next(), newCode(), now.plus(properties.invitationLifetime()));
        invitations.insert(invitation, creator, now);
        return invitation;
    }

    /**
     * Admits one registration; either {@link #use} or {@link #release} follows.
     *
     * @return the invitation that it claimed, empty where it needs none
     * @throws ApiException FORBIDDEN, or VALIDATION for a code that is not good
     */
    @Transactional
    Optional<UUID> claim(@Nullable String code) {
        Instant now = clock.instant();
        if (invitations.claimFirst(now)) {
            return Optional.of(Invitations.FIRST);
        }
        return switch (properties.registrationMode()) {
            case OPEN -> Optional.empty();
            case INVITE -> Optional.of(claimInvitation(code, now));
            case CLOSED -> throw ApiException.forbidden("Registration is closed");
        };
    }

    private UUID claimInvitation(@Nullable String code, Instant now) {
        if (code == null) {
            throw ApiException.forbidden("Registration needs an invitation");
        }
        return invitations
                .claim(code, now)
                .orElseThrow(() -> ApiException.invalid("invitation", "is unknown, used or has run out"));
    }

    @Transactional
    void release(UUID claimed) {
        invitations.release(claimed);
    }

    @Transactional
    void use(UUID claimed, UserId user) {
        invitations.use(claimed, user, clock.instant());
    }

    private String newCode() {
        byte[] bytes = new byte[CODE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
