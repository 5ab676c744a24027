package io.containr.deploy.run;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceExited;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceKind;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.work.WorkQueue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes down what the agent says of the instances of runs, and has a scheduled service looked at when something changed. */
@Component
public class RunReports implements MessageSubscription.Part {

    private final Runs runs;
    private final RunLedger ledger;
    private final CronServices services;
    private final WorkQueue runQueue;

    RunReports(Runs runs, RunLedger ledger, CronServices services, WorkQueue runQueue) {
        this.runs = runs;
        this.ledger = ledger;
        this.services = services;
        this.runQueue = runQueue;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(ServiceUpdated.class, this::updated)
                .on(ServiceDeleted.class, this::deleted)
                .on(InstanceStarted.class, this::started)
                .on(InstanceExited.class, this::exited)
                .on(InstanceFailed.class, this::failed)
                .on(InstanceRemoved.class, this::removed);
    }

    private void updated(ServiceUpdated event, MessageMeta meta) {
        if (event.spec().kind() == ServiceKind.CRON) {
            runQueue.wake(event.spec().service());
        }
    }

    private void deleted(ServiceDeleted event, MessageMeta meta) {
        if (services.find(event.service()).isPresent()) {
            runQueue.wake(event.service());
        }
    }

    private void started(InstanceStarted event, MessageMeta meta) {
        runs.started(event.instance().id(), meta.time());
    }

    private void exited(InstanceExited event, MessageMeta meta) {
        Integer code = event.exitCode();
        if (code != null && code == 0) {
            end(event.instance(), RunStatus.SUCCEEDED, code, null, meta);
            return;
        }
        String how = code == null
                ? "It was ended by " + Objects.requireNonNullElse(event.signal(), "a signal") + "."
                : "It ended with exit code " + code + ".";
        end(event.instance(), RunStatus.FAILED, code, new Failure("APP_EXITED", how), meta);
    }

    private void failed(InstanceFailed event, MessageMeta meta) {
        end(event.instance(), RunStatus.FAILED, null, event.failure(), meta);
    }

    private void removed(InstanceRemoved event, MessageMeta meta) {
        Failure lost = new Failure("INSTANCE_LOST", "Its instance went away without being asked to.");
        end(event.instance(), RunStatus.FAILED, null, lost, meta);
        runs.instanceGone(event.instance().id());
    }

    private void end(
            AgentEvent.Instance instance,
            RunStatus status,
            @Nullable Integer exitCode,
            @Nullable Failure failure,
            MessageMeta meta) {
        runs.of(instance.id()).ifPresent(run -> {
            ledger.end(run, status, exitCode, failure, meta.time());
            runQueue.wake(run.service());
        });
    }
}
