package io.containr.agent.session;

import io.containr.contracts.ids.InstanceId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code guest_session}. */
@Repository
class GuestSessionTable {

    /**
     * @param firstToken hash, null once burned
     * @param sessionToken hash of the last one issued
     * @param acked highest line number that is stored
     * @param at of the last state
     */
    record Session(
            byte @Nullable [] firstToken,
            byte @Nullable [] sessionToken,
            long acked,
            @Nullable Instant at) {}

    private final JdbcClient jdbc;
    private final Clock clock;

    GuestSessionTable(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A new first-contact token; everything that was before is void. */
    void begin(InstanceId instance, byte[] firstToken) {
        jdbc.sql("""
                insert into guest_session (instance_id, first_token) values (:instance, :token)
                on conflict (instance_id) do update set first_token = excluded.first_token, session_token = null""")
                .param("instance", instance.value())
                .param("token", firstToken)
                .update();
    }

    /** Also keeps others from changing it until the transaction ends. */
    Optional<Session> lock(InstanceId instance) {
        return jdbc.sql("select * from guest_session where instance_id = :instance for update")
                .param("instance", instance.value())
                .query((row, i) -> {
                    Timestamp at = row.getTimestamp("app_at");
                    return new Session(
                            row.getBytes("first_token"),
                            row.getBytes("session_token"),
                            row.getLong("acked"),
                            at == null ? null : at.toInstant());
                })
                .optional();
    }

    void issue(InstanceId instance, byte[] sessionToken) {
        jdbc.sql("update guest_session set session_token = :token where instance_id = :instance")
                .param("token", sessionToken)
                .param("instance", instance.value())
                .update();
    }

    void confirm(InstanceId instance) {
        jdbc.sql(
                        "update guest_session set first_token = null where instance_id = :instance and first_token is not null")
                .param("instance", instance.value())
                .update();
    }

    long acked(InstanceId instance) {
        return jdbc.sql("select acked from guest_session where instance_id = :instance")
                .param("instance", instance.value())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    void acked(InstanceId instance, long seq) {
        jdbc.sql("update guest_session set acked = greatest(acked, :seq) where instance_id = :instance")
                .param("seq", seq)
                .param("instance", instance.value())
                .update();
    }

    void application(InstanceId instance, Application application, Instant at) {
        jdbc.sql("""
                update guest_session set app_state = :state, app_exits = :exits, app_reason = :reason, app_at = :at,
                    app_heard_at = :heard
                where instance_id = :instance""")
                .param("state", application.state().name())
                .param("exits", application.exits())
                .param("reason", application.reason())
                .param("at", Timestamp.from(at))
                .param("heard", Timestamp.from(clock.instant()))
                .param("instance", instance.value())
                .update();
    }

    void forgetApplication(InstanceId instance) {
        jdbc.sql("""
                update guest_session set app_state = null, app_exits = 0, app_reason = null, app_heard_at = null
                where instance_id = :instance""").param("instance", instance.value()).update();
    }

    Application application(InstanceId instance) {
        return jdbc.sql("""
                select app_state, app_exits, app_reason, app_heard_at from guest_session
                where instance_id = :instance and app_state is not null""")
                .param("instance", instance.value())
                .query((row, i) -> {
                    Timestamp heard = row.getTimestamp("app_heard_at");
                    return new Application(
                            Application.State.valueOf(row.getString("app_state")),
                            row.getInt("app_exits"),
                            row.getString("app_reason"),
                            heard == null ? null : heard.toInstant());
                })
                .optional()
                .orElse(Application.UNHEARD);
    }

    void end(InstanceId instance) {
        jdbc.sql("delete from guest_session where instance_id = :instance")
                .param("instance", instance.value())
                .update();
    }
}
