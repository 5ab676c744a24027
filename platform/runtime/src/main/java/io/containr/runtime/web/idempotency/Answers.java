package io.containr.runtime.web.idempotency;

import io.containr.contracts.Sealed;
import io.containr.runtime.secrets.SecretBox;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of answers. Bodies are sealed where the service can seal, since they may show secrets to their owner. */
final class Answers {

    private static final Duration KEPT = Duration.ofDays(1);
    private static final int PRUNED_AT_ONCE = 20;

    private final JdbcClient jdbc;
    private final Optional<SecretBox> box;
    private final Clock clock;

    Answers(JdbcClient jdbc, Optional<SecretBox> box, Clock clock) {
        this.jdbc = jdbc;
        this.box = box;
        this.clock = clock;
    }

    /** False while another transaction has the scope, else the scope is this transaction's until it ends. */
    boolean claim(Scope scope) {
        return jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended(:scope, 0))")
                .param(
                        "scope",
                        "idempotency\n" + scope.user() + "\n" + scope.method() + "\n" + scope.path() + "\n"
                                + scope.key())
                .query(Boolean.class)
                .single();
    }

    /** What was answered within a day. */
    Optional<Kept> find(Scope scope) {
        return jdbc.sql("""
                select fingerprint, status, content_type, location, body, sealed from idempotency
                where user_id = :user and method = :method and path = :path and key = :key and answered_at > :oldest""")
                .param("user", scope.user())
                .param("method", scope.method())
                .param("path", scope.path())
                .param("key", scope.key())
                .param("oldest", Timestamp.from(oldest()))
                .query((rs, row) -> kept(rs, scope))
                .optional();
    }

    /** Keeps an answer for a day, and forgets a few that were kept for longer. */
    void keep(Scope scope, byte[] fingerprint, Answer answer) {
        String body = Base64.getEncoder().encodeToString(answer.body());
        jdbc.sql("""
                insert into idempotency (user_id, method, path, key, fingerprint, status, content_type, location, body,
                                         sealed, answered_at)
                values (:user, :method, :path, :key, :fingerprint, :status, :type, :location, :body, :sealed, :now)
                on conflict (user_id, method, path, key) do update
                set fingerprint = excluded.fingerprint, status = excluded.status, content_type = excluded.content_type,
                    location = excluded.location, body = excluded.body, sealed = excluded.sealed,
                    answered_at = excluded.answered_at""")
                .param("user", scope.user())
                .param("method", scope.method())
                .param("path", scope.path())
                .param("key", scope.key())
                .param("fingerprint", fingerprint)
                .param("status", answer.status())
                .param("type", answer.contentType())
                .param("location", answer.location())
                .param(
                        "body",
                        box.map(sealing -> sealing.seal(body, purpose(scope)).ciphertext())
                                .orElse(body))
                .param("sealed", box.isPresent())
                .param("now", Timestamp.from(clock.instant()))
                .update();
        prune();
    }

    private void prune() {
        jdbc.sql("""
                delete from idempotency where ctid = any (array(
                    select ctid from idempotency where answered_at <= :oldest
                    order by answered_at limit :few for update skip locked))""")
                .param("oldest", Timestamp.from(oldest()))
                .param("few", PRUNED_AT_ONCE)
                .update();
    }

    private Instant oldest() {
        return clock.instant().minus(KEPT);
    }

    private Kept kept(ResultSet rs, Scope scope) throws SQLException {
        String stored = rs.getString("body");
        String body = rs.getBoolean("sealed")
                ? box.orElseThrow(() -> new IllegalStateException("a sealed answer, and no key file"))
                        .open(new Sealed(stored), purpose(scope))
                : stored;
        return new Kept(
                rs.getBytes("fingerprint"),
                new Answer(
                        rs.getInt("status"),
                        rs.getString("content_type"),
                        rs.getString("location"),
                        Base64.getDecoder().decode(body)));
    }

    private static String purpose(Scope scope) {
        return "idempotency/" + scope.user() + "/" + scope.method() + scope.path();
    }

    /** An answer, and what the request looked like that got it. */
    record Kept(byte[] fingerprint, Answer answer) {

        boolean isFor(byte[] otherFingerprint) {
            return MessageDigest.isEqual(fingerprint, otherFingerprint);
        }
    }
}
