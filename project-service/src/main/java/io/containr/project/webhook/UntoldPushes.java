package io.containr.project.webhook;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.project.ProjectSettings;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import io.containr.runtime.work.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tells of pushes: one at once, those on its heels when the quiet period is over, each with its own origin and those of a service in
 * their order. In a storm of deliveries, to whichever services, the work that each push makes elsewhere thus begins after the
 * deliveries were answered.
 */
@Component
class UntoldPushes {

    private final JdbcClient jdbc;
    private final MessageCodec codec;
    private final Outbox outbox;
    private final WorkQueue queue;
    private final Clock clock;
    private final Duration quiet;

    /** When the last push came to this process, of whichever service. */
    private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.EPOCH);

    UntoldPushes(
            JdbcClient jdbc,
            MessageCodec codec,
            Outbox outbox,
            WorkQueue pushQueue,
            Clock clock,
            ProjectSettings settings) {
        this.jdbc = jdbc;
        this.codec = codec;
        this.outbox = outbox;
        this.queue = pushQueue;
        this.clock = clock;
        this.quiet = settings.webhooks().quietPeriod();
    }

    /**
     * Tells of a push now or soon; within the transaction that remembers it, which holds the webhook's lock.
     *
     * @param before when the service's push before it came; null: there is none
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void tell(PushReceived push, @Nullable Instant before) {
        Instant now = clock.instant();
        boolean surge = isRecent(latest.getAndSet(now), now) || before != null && isRecent(before, now);
        if (!surge && !waits(push.service())) {
            outbox.append(push, push.project());
            return;
        }
        Origin origin = Origins.current();
        jdbc.sql("""
                insert into untold_push (service_id, event, correlation_id, source_ip, user_agent)
                values (:service, :event, :correlation, :ip, :agent)""")
                .param("service", push.service().value())
                .param("event", new String(codec.write(push), StandardCharsets.UTF_8))
                .param("correlation", origin.correlationId())
                .param("ip", origin.sourceIp())
                .param("agent", origin.userAgent())
                .update();
        queue.wake(push.service(), now.plus(quiet));
    }

    private boolean isRecent(Instant push, Instant now) {
        return now.isBefore(push.plus(quiet));
    }

    private boolean waits(ServiceId service) {
        return jdbc.sql("select exists (select 1 from untold_push where service_id = :service)")
                .param("service", service.value())
                .query(Boolean.class)
                .single();
    }

    /** Tells all that wait of one service. */
    @Transactional
    public Next work(Work work) {
        UUID service = UUID.fromString(work.key());
        List<Untold> waiting = jdbc.sql("""
                        with told as (delete from untold_push where service_id = :service returning *)
                        select * from told order by position""")
                .param("service", service)
                .query((rs, row) -> new Untold(
                        codec.read(rs.getString("event").getBytes(StandardCharsets.UTF_8), PushReceived.class),
                        new Origin(
                                rs.getObject("correlation_id", UUID.class),
                                null,
                                null,
                                null,
                                rs.getString("source_ip"),
                                rs.getString("user_agent"))))
                .list();
        waiting.forEach(untold -> Origins.run(
                untold.origin(),
                () -> outbox.append(untold.push(), untold.push().project())));
        return Next.done();
    }

    private record Untold(PushReceived push, Origin origin) {}
}
