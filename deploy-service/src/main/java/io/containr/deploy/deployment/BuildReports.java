package io.containr.deploy.deployment;

import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.rows.Json;
import io.containr.runtime.work.WorkQueue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down what became of the builds that deployments wait for, and has the service looked at. */
@Component
public class BuildReports implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final Json json;
    private final WorkQueue reconcile;

    BuildReports(JdbcClient jdbc, Json json, WorkQueue reconcile) {
        this.jdbc = jdbc;
        this.json = json;
        this.reconcile = reconcile;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(BuildStarted.class, this::started)
                .on(BuildSucceeded.class, this::succeeded)
                .on(BuildFailed.class, this::failed)
                .on(BuildCancelled.class, this::cancelled);
    }

    private void started(BuildStarted event, MessageMeta meta) {
        wakeIf(jdbc.sql("""
                        update deployment set build_state = 'STARTED' where build_id = :build and build_state = 'ASKED'""").param("build", event.build().value()).update(), event);
    }

    private void succeeded(BuildSucceeded event, MessageMeta meta) {
        Commit commit = event.commit();
        wakeIf(
                jdbc.sql("""
                        update deployment set build_state = 'SUCCEEDED', image = :image, phases = :phases,
                            commit_hash = coalesce(:hash, commit_hash), commit_message = coalesce(:message, commit_message),
                            commit_author = coalesce(:author, commit_author)
                        where build_id = :build and build_state in ('ASKED', 'STARTED')""")
                        .param("image", json.write(event.image()))
                        .param("phases", json.write(new Phases(event.phases())))
                        .param("hash", commit == null ? null : commit.hash())
                        .param("message", commit == null ? null : commit.message())
                        .param("author", commit == null ? null : commit.author())
                        .param("build", event.build().value())
                        .update(),
                event);
    }

    private void failed(BuildFailed event, MessageMeta meta) {
        wakeIf(
                jdbc.sql("""
                        update deployment set build_state = 'FAILED', build_error_code = :code, build_error = :error
                        where build_id = :build and build_state in ('ASKED', 'STARTED')""")
                        .param("code", event.failure().code())
                        .param("error", event.failure().message())
                        .param("build", event.build().value())
                        .update(),
                event);
    }

    private void cancelled(BuildCancelled event, MessageMeta meta) {
        wakeIf(jdbc.sql("""
                        update deployment set build_state = 'CANCELLED'
                        where build_id = :build and build_state in ('ASKED', 'STARTED')""").param("build", event.build().value()).update(), event);
    }

    private void wakeIf(int changed, BuildEvent event) {
        if (changed > 0) {
            reconcile.wake(event.service());
        }
    }
}
