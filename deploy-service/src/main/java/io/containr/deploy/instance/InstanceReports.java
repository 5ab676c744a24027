package io.containr.deploy.instance;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceExited;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceMoveRequested;
import io.containr.contracts.agent.AgentEvent.InstanceMoveWithdrawn;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.deploy.deployment.Phases;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.rows.Json;
import io.containr.runtime.work.WorkQueue;
import java.sql.Timestamp;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes down what the agent says of instances and has the service looked at. What it says of a generation older than the
 * instance's own, of one that is unknown here, or of one whose removal was asked for (but that it is gone) is dropped.
 */
@Component
public class InstanceReports implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final Json json;
    private final WorkQueue reconcile;

    InstanceReports(JdbcClient jdbc, Json json, WorkQueue reconcile) {
        this.jdbc = jdbc;
        this.json = json;
        this.reconcile = reconcile;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(InstanceStarted.class, this::started)
                .on(InstanceBecameHealthy.class, this::healthy)
                .on(InstanceBecameUnhealthy.class, this::unhealthy)
                .on(InstanceExited.class, this::exited)
                .on(InstanceFailed.class, this::failed)
                .on(InstanceMoveRequested.class, (event, meta) -> leaving(event.instance(), true, meta))
                .on(InstanceMoveWithdrawn.class, (event, meta) -> leaving(event.instance(), false, meta))
                .on(InstanceRemoved.class, this::removed);
    }

    private void started(InstanceStarted event, MessageMeta meta) {
        JdbcClient.StatementSpec update =
                jdbc.sql("""
                update instance set node = :node, address = :address,
                    state_at = case when state = 'PLANNED' then :at else state_at end,
                    state = case when state = 'PLANNED' then 'STARTED' else state end
                where id = :id and generation <= :generation and wanted""").param("node", event.node()).param("address", event.address());
        apply(update, event.instance(), meta);
    }

    private void healthy(InstanceBecameHealthy event, MessageMeta meta) {
        JdbcClient.StatementSpec update = jdbc.sql("""
                update instance set state = 'HEALTHY', state_at = :at, address = :address, port = :port,
                    phases = case when phases = '{}' then :phases else phases end
                where id = :id and generation <= :generation and wanted and state not in ('FAILED', 'LOST')""")
                .param("address", event.address())
                .param("port", event.port())
                .param("phases", json.write(new Phases(event.phases())));
        apply(update, event.instance(), meta);
    }

    private void unhealthy(InstanceBecameUnhealthy event, MessageMeta meta) {
        JdbcClient.StatementSpec update = jdbc.sql("""
                update instance set state = 'UNHEALTHY', state_at = :at, error_code = 'HEALTH_CHECK_FAILED', error = :error
                where id = :id and generation <= :generation and wanted and state = 'HEALTHY'""").param("error", event.reason());
        apply(update, event.instance(), meta);
    }

    private void exited(InstanceExited event, MessageMeta meta) {
        String exit = event.exitCode() != null
                ? "exit code " + event.exitCode()
                : "signal " + Objects.requireNonNullElse(event.signal(), "unknown");
        JdbcClient.StatementSpec update = jdbc.sql("""
                update instance set last_exit = :exit, exited_at = :at
                where id = :id and generation <= :generation and wanted""").param("exit", exit);
        apply(update, event.instance(), meta);
    }

    private void failed(InstanceFailed event, MessageMeta meta) {
        end(event.instance(), InstanceState.FAILED, event.failure(), event.lastLines(), meta);
    }

    private void leaving(AgentEvent.Instance instance, boolean leaving, MessageMeta meta) {
        JdbcClient.StatementSpec update = jdbc.sql("""
                update instance set leaving = :leaving
                where id = :id and generation <= :generation and wanted and leaving <> :leaving""").param("leaving", leaving);
        apply(update, instance, meta);
    }

    private void removed(InstanceRemoved event, MessageMeta meta) {
        int confirmed = jdbc.sql("delete from instance where id = :id and not wanted")
                .param("id", event.instance().id().value())
                .update();
        if (confirmed > 0) {
            reconcile.wake(event.instance().service());
        } else {
            Failure lost = new Failure("INSTANCE_LOST", "The instance went away without being asked to.");
            end(event.instance(), InstanceState.LOST, lost, List.of(), meta);
        }
    }

    private void end(
            AgentEvent.Instance instance, InstanceState state, Failure failure, List<String> lines, MessageMeta meta) {
        JdbcClient.StatementSpec update = jdbc.sql("""
                update instance set state = :state, state_at = :at, error_code = :code, error = :error, last_lines = :lines
                where id = :id and generation <= :generation and wanted and state not in ('FAILED', 'LOST')""")
                .param("state", state.name())
                .param("code", failure.code())
                .param("error", failure.message())
                .param("lines", json.write(new Lines(lines)));
        apply(update, instance, meta);
    }

    private void apply(JdbcClient.StatementSpec update, AgentEvent.Instance instance, MessageMeta meta) {
        int changed = update.param("id", instance.id().value())
                .param("generation", instance.generation())
                .param("at", Timestamp.from(meta.time()))
                .update();
        if (changed > 0) {
            reconcile.wake(instance.service());
        }
    }
}
