package io.containr.project.webhook;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ServiceId;
import io.containr.project.webhook.Told.Push;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of webhooks and their deliveries. */
@Repository
class Webhooks {

    private final JdbcClient jdbc;

    Webhooks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A service's webhook.
     *
     * @param secret sealed for the service ({@link #sealedFor})
     */
    record Webhook(ServiceId service, Sealed secret, Instant createdAt, Instant rotatedAt) {}

    /** What a secret is bound to. */
    static String sealedFor(ServiceId service) {
        return "service/" + service + "/webhook";
    }

    Optional<Webhook> find(ServiceId service) {
        return jdbc.sql("select * from webhook where service_id = :service")
                .param("service", service.value())
                .query(Webhooks::webhook)
                .optional();
    }

    /** Lets the service's deliveries pass one after another until the end of the transaction; false where it has no webhook. */
    boolean lock(ServiceId service) {
        return jdbc.sql("select service_id from webhook where service_id = :service for update")
                .param("service", service.value())
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    void put(ServiceId service, Sealed secret, Instant now) {
        jdbc.sql("""
                insert into webhook (service_id, secret, created_at, rotated_at) values (:service, :secret, :now, :now)
                on conflict (service_id) do update set secret = excluded.secret, rotated_at = excluded.rotated_at""")
                .param("service", service.value())
                .param("secret", secret.ciphertext())
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Whether there was one. */
    boolean delete(ServiceId service) {
        return jdbc.sql("delete from webhook where service_id = :service")
                        .param("service", service.value())
                        .update()
                == 1;
    }

    /** What became of a push. */
    enum Outcome {
        TOLD,
        /** The service's rules do not want it deployed. */
        DECLINED,
        /** A later push came before it. */
        OVERTAKEN
    }

    /**
     * A push as it is remembered.
     *
     * @param delivery the provider's id of it, or ours
     * @param seen nobody delivered it: it was found at the branch
     */
    record Remembered(ServiceId service, String delivery, Push push, Outcome outcome, boolean seen) {}

    /**
     * True the first time, and when what was declined is told after all.
     *
     * @param forget what came before this is forgotten
     */
    boolean remember(Remembered push, Instant now, Instant forget) {
        return jdbc.sql("""
                with old as (delete from webhook_delivery where service_id = :service and received_at < :forget)
                insert into webhook_delivery
                    (service_id, delivery, branch, before_commit, after_commit, outcome, seen, received_at)
                values (:service, :delivery, :branch, :before, :after, :outcome, :seen, :now)
                on conflict (service_id, delivery) do update set outcome = excluded.outcome
                where webhook_delivery.outcome = 'DECLINED' and excluded.outcome = 'TOLD'""")
                        .param("service", push.service().value())
                        .param("delivery", push.delivery())
                        .param("branch", push.push().branch())
                        .param("before", push.push().before())
                        .param("after", push.push().commit())
                        .param("outcome", push.outcome().name())
                        .param("seen", push.seen())
                        .param("now", Timestamp.from(now))
                        .param("forget", Timestamp.from(forget))
                        .update()
                == 1;
    }

    /**
     * What is known of a branch when a push comes to it.
     *
     * @param head null: no push brought one
     * @param overtaken a push came already that went on from this one's head, or was seen at the branch after the head this one goes
     *     on from, while this one does not go on from the newest head
     */
    record Known(@Nullable Head head, boolean overtaken) {}

    /**
     * The newest head of a branch that a push brought.
     *
     * @param outcome what became of it
     */
    record Head(String commit, Outcome outcome, Instant receivedAt) {}

    Known known(ServiceId service, Push push) {
        return jdbc.sql("""
                with head as (select after_commit, outcome, received_at from webhook_delivery
                              where service_id = :service and branch = :branch and outcome <> 'OVERTAKEN'
                              order by position desc limit 1)
                select head.*,
                       :before is distinct from head.after_commit
                           and exists (select 1 from webhook_delivery where service_id = :service and branch = :branch
                                       and (before_commit = :after or seen and before_commit = :before)) as overtaken
                from (select) as one left join head on true""")
                .param("service", service.value())
                .param("branch", push.branch())
                .param("before", push.before())
                .param("after", push.commit())
                .query((rs, row) -> new Known(head(rs), rs.getBoolean("overtaken")))
                .single();
    }

    private static @Nullable Head head(ResultSet rs) throws SQLException {
        String commit = rs.getString("after_commit");
        return commit == null
                ? null
                : new Head(
                        commit,
                        Outcome.valueOf(rs.getString("outcome")),
                        rs.getTimestamp("received_at").toInstant());
    }

    private static Webhook webhook(ResultSet rs, int row) throws SQLException {
        return new Webhook(
                new ServiceId(rs.getObject("service_id", UUID.class)),
                new Sealed(rs.getString("secret")),
                rs.getTimestamp("created_at").toInstant(),
                rs.getTimestamp("rotated_at").toInstant());
    }
}
