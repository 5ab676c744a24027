package io.containr.agent.instance;

import io.containr.agent.proxmox.Upid;
import io.containr.agent.session.ProjectNames.Name;
import io.containr.contracts.Failure;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.Origin;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of instances. What shall be is written by those who receive commands, how far it has come by the one worker
 * that has the instance in hand; each touches its own columns only.
 */
@Repository
class Instances {

    private static final Duration REPULL = Duration.ofMinutes(5);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final InstanceRows rows;

    Instances(JdbcClient jdbc, MessageCodec codec, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.rows = new InstanceRows(codec);
    }

    Optional<Instance> find(InstanceId id) {
        return jdbc.sql("select * from instance where id = :id")
                .param("id", id.value())
                .query(rows)
                .optional();
    }

    /** Held until the end of the transaction. */
    Optional<Instance> lock(InstanceId id) {
        return jdbc.sql("select * from instance where id = :id for update")
                .param("id", id.value())
                .query(rows)
                .optional();
    }

    List<Instance> inPhases(Collection<Phase> phases) {
        return jdbc.sql("select * from instance where phase in (:phases) order by id")
                .param("phases", phases.stream().map(Enum::name).toList())
                .query(rows)
                .list();
    }

    /** Those that have not come to rest: somebody should look at them. */
    List<InstanceId> unsettled() {
        return jdbc.sql("""
                        select id from instance
                        where phase not in ('HEALTHY', 'UNHEALTHY', 'ENDED', 'FAILED', 'REMOVED')
                           or (desired = 'REMOVED' and phase <> 'REMOVED')
                           or (resize = 'WANTED' and phase = 'HEALTHY')""").query(UUID.class).list().stream()
                .map(InstanceId::new)
                .toList();
    }

    /** Running ones that were not yet asked to leave a node of these, and those that were, of any other. */
    List<Instance> toMoveOrStay(Collection<String> drained) {
        return jdbc.sql("""
                select * from instance
                where desired = 'RUNNING' and phase in ('HEALTHY', 'UNHEALTHY') and moving <> (node = any(:drained))
                order by id""")
                .param("drained", drained.toArray(String[]::new))
                .query(rows)
                .list();
    }

    /** False where that was known. */
    boolean moving(InstanceId id, boolean moving) {
        return jdbc.sql("update instance set moving = :moving where id = :id and moving <> :moving")
                        .param("moving", moving)
                        .param("id", id.value())
                        .update()
                == 1;
    }

    void place(InstanceId id, String node) {
        jdbc.sql("update instance set node = :node where id = :id")
                .param("node", node)
                .param("id", id.value())
                .update();
    }

    /** Only forward, or back where something that was done turned out to be undone; the attempts begin anew. */
    boolean enter(InstanceId id, Phase from, Phase to) {
        return jdbc.sql("""
                update instance set phase = :to, phase_since = :now, attempts = 0, attempted_at = null, last_error = null,
                    placed_at = case when :to = 'PLACED' then coalesce(placed_at, :now) else placed_at end,
                    pulled_at = case when :to = 'PULLED' then coalesce(pulled_at, :now) else pulled_at end,
                    configured_at = case when :to = 'CONFIGURED' then coalesce(configured_at, :now) else configured_at end,
                    started_at = case when :to = 'STARTED' then coalesce(started_at, :now) else started_at end,
                    healthy_at = case when :to = 'HEALTHY' then coalesce(healthy_at, :now) else healthy_at end
                where id = :id and phase = :from""")
                        .param("to", to.name())
                        .param("from", from.name())
                        .param("now", now())
                        .param("id", id.value())
                        .update()
                == 1;
    }

    /** Notes that a task is about to begin, before it is begun. */
    void intend(InstanceId id, PendingTask.Kind kind) {
        jdbc.sql("""
                update instance set task = :task, task_upid = null, task_since = :now,
                    attempts = attempts + 1, attempted_at = :now
                where id = :id""")
                .param("task", kind.name())
                .param("now", now())
                .param("id", id.value())
                .update();
    }

    void begun(InstanceId id, Upid upid) {
        jdbc.sql("update instance set task_upid = :upid where id = :id and task is not null")
                .param("upid", upid.value())
                .param("id", id.value())
                .update();
    }

    /** The task ended, or never began; the attempt counts where there is an error and it is not {@code passing}. */
    void ended(InstanceId id, @Nullable String error, boolean passing) {
        jdbc.sql("""
                update instance set
                    attempts = case when :passing then greatest(attempts - 1, 0) else attempts end,
                    last_error = coalesce(:error, last_error), task = null, task_upid = null, task_since = null
                where id = :id""")
                .param("passing", passing)
                .param("error", error)
                .param("id", id.value())
                .update();
    }

    /** Its turn had not come yet: the time that its phase may take begins anew. */
    void waited(InstanceId id) {
        jdbc.sql("update instance set phase_since = :now where id = :id")
                .param("now", now())
                .param("id", id.value())
                .update();
    }

    /** Something short of a task failed. */
    void stumbled(InstanceId id, String error, boolean counts) {
        jdbc.sql("""
                update instance set last_error = :error, attempts = attempts + :counted, attempted_at = :now
                where id = :id""")
                .param("error", error)
                .param("counted", counts ? 1 : 0)
                .param("now", now())
                .param("id", id.value())
                .update();
    }

    /** Something short of a task failed, unless something else is asked for by now. */
    void stumbled(Instance instance, String error) {
        jdbc.sql("""
                update instance set last_error = :error, attempts = attempts + 1, attempted_at = :now
                where id = :id and generation = :generation""")
                .param("error", error)
                .param("now", now())
                .param("id", instance.id().value())
                .param("generation", instance.identity().generation())
                .update();
    }

    /** A removal makes headway: the next of its steps is a first attempt. */
    void forgetAttempts(InstanceId id) {
        jdbc.sql("update instance set attempts = 0, attempted_at = null where id = :id")
                .param("id", id.value())
                .update();
    }

    /**
     * It is to be as described by a newer command.
     *
     * @param resize whether that is something that it has to be given while it runs
     */
    void ask(Instance before, InstanceSpec spec, boolean resize, Origin origin) {
        jdbc.sql("""
                update instance set generation = :generation, spec = :spec, admitted = :admitted,
                    resize = case when :resize then 'WANTED' else resize end,
                    resize_told = case when :resize then null else resize_told end,
                    held_memory_mib = case when phase in ('ACCEPTED', 'PLACED', 'PULLED') then null
                        else nullif(least(coalesce(held_memory_mib, :had), :memory), :memory) end,
                    attempts = case when :resize and phase = 'HEALTHY' and task is null then 0 else attempts end,
                    correlation_id = :correlation, causation_id = :causation, actor_id = :actor, actor_email = :email
                where id = :id""")
                .param("generation", spec.generation())
                .param("spec", rows.write(spec))
                .param("admitted", spec.admittedNetworks().toArray(String[]::new))
                .param("resize", resize)
                .param("had", (long) before.wanted().resources().memoryMiB())
                .param("memory", (long) spec.resources().memoryMiB())
                .param("correlation", origin.correlationId())
                .param("causation", origin.causationId())
                .param("actor", origin.actorId())
                .param("email", origin.actorEmail())
                .param("id", before.id().value())
                .update();
    }

    /** It has what was asked for; false where something else was by now. */
    boolean resized(Instance instance) {
        return jdbc.sql("""
                update instance set resize = null, resize_told = null, held_memory_mib = null, attempts = 0, attempted_at = null,
                    last_error = null
                where id = :id and generation = :generation and resize is not null""")
                        .param("id", instance.id().value())
                        .param("generation", instance.identity().generation())
                        .update()
                == 1;
    }

    /** It does not have what was asked for; false where that was known, or something else was asked for by now. */
    boolean notResized(Instance instance, String reason, Instance.Resize resize) {
        return jdbc.sql("""
                update instance set resize = :resize, resize_told = :reason
                where id = :id and generation = :generation and resize is not null
                    and (resize <> :resize or resize_told is distinct from :reason)""")
                        .param("resize", resize.name())
                        .param("reason", reason)
                        .param("id", instance.id().value())
                        .param("generation", instance.identity().generation())
                        .update()
                == 1;
    }

    /** The image that was thought to lie on the node does not; only in the first minutes, so that this comes to an end. */
    void pullAgain(InstanceId id) {
        jdbc.sql("""
                update instance set phase = 'PLACED'
                where id = :id and phase = 'PULLED' and pulled_at > :recently""")
                .param("recently", Timestamp.from(clock.instant().minus(REPULL)))
                .param("id", id.value())
                .update();
    }

    void locate(InstanceId id, String address) {
        jdbc.sql("update instance set address = :address where id = :id")
                .param("address", address)
                .param("id", id.value())
                .update();
    }

    boolean fail(InstanceId id, Phase from, Failure failure) {
        return jdbc.sql("""
                update instance set phase = 'FAILED', phase_since = :now, failure_code = :code, failure_message = :message
                where id = :id and phase = :from""")
                        .param("now", now())
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("id", id.value())
                        .param("from", from.name())
                        .update()
                == 1;
    }

    Optional<Failure> failure(InstanceId id) {
        return jdbc.sql("select failure_code, failure_message from instance where id = :id and phase = 'FAILED'")
                .param("id", id.value())
                .query((row, i) -> new Failure(row.getString("failure_code"), row.getString("failure_message")))
                .optional();
    }

    /** What is left is the memory that it was. */
    void bury(InstanceId id) {
        jdbc.sql("""
                update instance set phase = 'REMOVED', phase_since = :now, spec = null, address = null,
                    task = null, task_upid = null, task_since = null, last_error = null
                where id = :id""").param("now", now()).param("id", id.value()).update();
    }

    /** Healthy instances that have a name and are not about to go, newest first. */
    Map<ProjectId, List<Name>> names(Collection<ProjectId> projects) {
        Map<ProjectId, List<Name>> names = new HashMap<>();
        jdbc.sql("""
                        select project_id, private_name, address from instance
                        where project_id = any (:projects) and private_name is not null and phase = 'HEALTHY'
                          and desired <> 'REMOVED' and address is not null
                        order by id desc""")
                .param("projects", projects.stream().map(ProjectId::value).toArray(UUID[]::new))
                .query(row -> {
                    ProjectId project = new ProjectId(row.getObject("project_id", UUID.class));
                    names.computeIfAbsent(project, first -> new ArrayList<>())
                            .add(new Name(row.getString("private_name"), row.getString("address")));
                });
        return names;
    }

    /** Numbers of guests that somebody owns. */
    Set<Integer> vmids() {
        return Set.copyOf(jdbc.sql("""
                select vmid from instance where vmid is not null and phase <> 'REMOVED'
                union select vmid from volume where vmid is not null""").query(Integer.class).list());
    }

    int forgetRemovedBefore(Instant instant) {
        return jdbc.sql("delete from instance where phase = 'REMOVED' and phase_since < :before")
                .param("before", Timestamp.from(instant))
                .update();
    }

    /** Whether it shall go by now; read often, while something else is waited for. */
    boolean shallGo(InstanceId id) {
        return jdbc.sql("select count(*) from instance where id = :id and desired = 'REMOVED'")
                        .param("id", id.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }
}
