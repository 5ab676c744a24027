package io.containr.auth.registration;

import io.containr.contracts.ids.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of invitations. An invitation is claimed while its registration runs, and used once that is done. */
@Repository
class Invitations {

    /** The first user's, which the migration made. */
    static final UUID FIRST = UUID.fromString("00000000-0000-0000-0000-000000000001");

    /** Longer than a registration takes; after that a claim whose registration died is void. */
    private static final Duration CLAIM = Duration.ofMinutes(1);

    private static final String CLAIMABLE =
            " and used_at is null and (expires_at is null or expires_at > :now) and (claimed_until is null or claimed_until < :now)";

    private final JdbcClient jdbc;

    Invitations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Invitation invitation, UserId creator, Instant now) {
        jdbc.sql("""
                insert into invitations (id, code_hash, created_by, created_at, expires_at)
                values (:id, :hash, :creator, :now, :expiry)""")
                .param("id", invitation.id())
                .param("hash", hash(invitation.code()))
                .param("creator", creator.value())
                .param("now", Timestamp.from(now))
                .param("expiry", Timestamp.from(invitation.expiresAt()))
                .update();
    }

    long countOpen(UserId creator, Instant now) {
        return jdbc.sql("""
                select count(*) from invitations
                where created_by = :creator and used_at is null and expires_at > :now""")
                .param("creator", creator.value())
                .param("now", Timestamp.from(now))
                .query(Long.class)
                .single();
    }

    /** Claims the first user's place; false where somebody has it. */
    boolean claimFirst(Instant now) {
        return jdbc.sql("update invitations set claimed_until = :until where id = :id" + CLAIMABLE)
                        .param("id", FIRST)
                        .param("until", Timestamp.from(now.plus(CLAIM)))
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    /** Claims the invitation of a code; empty if it is unknown, ran out, was used or is in use. */
    Optional<UUID> claim(String code, Instant now) {
        return jdbc.sql("update invitations set claimed_until = :until where code_hash = :hash" + CLAIMABLE
                        + " returning id")
                .param("hash", hash(code))
                .param("until", Timestamp.from(now.plus(CLAIM)))
                .param("now", Timestamp.from(now))
                .query(UUID.class)
                .optional();
    }

    /** Gives a claim back, for a registration that came to nothing. */
    void release(UUID id) {
        jdbc.sql("update invitations set claimed_until = null where id = :id and used_at is null")
                .param("id", id)
                .update();
    }

    void use(UUID id, UserId user, Instant now) {
        jdbc.sql("update invitations set used_by = :user, used_at = :now where id = :id and used_at is null")
                .param("id", id)
                .param("user", user.value())
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Codes are random enough that a plain hash keeps them. */
    private static String hash(String code) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
