package io.containr.build.job;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stored builds. Changes of status are guarded: each says which status it starts from, and tells whether it took place. */
@Repository
public class Builds {

    private final JdbcClient jdbc;
    private final MessageCodec codec;
    private final BuildRows rows;

    Builds(JdbcClient jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.codec = codec;
        this.rows = new BuildRows(codec);
    }

    /** Adds a pending build; false where one of that id exists. */
    boolean add(Build build) {
        return jdbc.sql("""
                        insert into build (id, service_id, project_id, owner_id, deployment_id, status, request,
                                           image_name, image_tag, created_at, origin)
                        values (:id, :service, :project, :owner, :deployment, 'PENDING', :request,
                                :imageName, :imageTag, :created, :origin)
                        on conflict (id) do nothing""")
                        .param("id", build.id().value())
                        .param(
                                "service",
                                build.service() == null ? null : build.service().value())
                        .param("project", build.project().value())
                        .param("owner", build.owner().value())
                        .param(
                                "deployment",
                                build.deployment() == null
                                        ? null
                                        : build.deployment().value())
                        .param("request", json(build.request()))
                        .param("imageName", build.imageName())
                        .param("imageTag", build.imageTag())
                        .param("created", Timestamp.from(build.createdAt()))
                        .param("origin", json(build.origin()))
                        .update()
                > 0;
    }

    public Optional<Build> find(BuildId id) {
        return jdbc.sql("select * from build where id = :id")
                .param("id", id.value())
                .query(rows)
                .optional();
    }

    /** Counts one more worker; empty if the build has ended or was to be cancelled meanwhile. */
    Optional<Build> start(BuildId id, Instant now) {
        return jdbc.sql("""
                update build set status = 'RUNNING', attempts = attempts + 1, started_at = coalesce(started_at, :now)
                where id = :id and status in ('PENDING', 'RUNNING') and cancel_reason is null returning *""")
                .param("id", id.value())
                .param("now", Timestamp.from(now))
                .query(rows)
                .optional();
    }

    void phase(BuildId id, BuildPhase phase) {
        jdbc.sql("update build set phase = :phase where id = :id and status = 'RUNNING'")
                .param("id", id.value())
                .param("phase", phase.name())
                .update();
    }

    /** Gives a running build back, as if this worker had never taken it. */
    void giveBack(Build build) {
        jdbc.sql("""
                update build set status = 'PENDING', phase = null, attempts = attempts - 1
                where id = :id and status = 'RUNNING' and attempts = :attempts""")
                .param("id", build.id().value())
                .param("attempts", build.attempts())
                .update();
    }

    /** Ends a build that this worker still has. */
    boolean succeed(Build build, BuildResult result, Instant now) {
        return jdbc.sql("""
                        update build set status = 'SUCCESS', completed_at = :now, image = :image, source_commit = :commit,
                            phases = :phases
                        where id = :id and status = 'RUNNING' and attempts = :attempts""")
                        .param("id", build.id().value())
                        .param("attempts", build.attempts())
                        .param("now", Timestamp.from(now))
                        .param("image", json(result.image()))
                        .param("commit", result.commit() == null ? null : json(result.commit()))
                        .param("phases", json(result.phases()))
                        .update()
                > 0;
    }

    /** Ends a build that this worker still has. */
    boolean fail(Build build, Failure failure, Instant now) {
        return jdbc.sql("""
                        update build set status = 'FAILED', completed_at = :now, failure_code = :code,
                            failure_message = :message
                        where id = :id and status = 'RUNNING' and attempts = :attempts""")
                        .param("id", build.id().value())
                        .param("attempts", build.attempts())
                        .param("now", Timestamp.from(now))
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .update()
                > 0;
    }

    /** Ends a build whose work has stopped. */
    boolean cancel(BuildId id, BuildStatus from, Instant now) {
        return jdbc.sql("update build set status = 'CANCELLED', completed_at = :now where id = :id and status = :from")
                        .param("id", id.value())
                        .param("from", from.name())
                        .param("now", Timestamp.from(now))
                        .update()
                > 0;
    }

    /** Notes that a build should stop; false if it has ended. */
    boolean wishCancelled(BuildId id, String reason) {
        return jdbc.sql("""
                        update build set cancel_reason = coalesce(cancel_reason, :reason)
                        where id = :id and status in ('PENDING', 'RUNNING')""").param("id", id.value()).param("reason", reason).update() > 0;
    }

    boolean isCancelWished(BuildId id) {
        return jdbc.sql("select count(*) from build where id = :id and cancel_reason is not null")
                        .param("id", id.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Whether somebody who has nothing running waits while this owner has. */
    boolean shouldLetOthersGoFirst(Build build) {
        return jdbc.sql("""
                select exists (select 1 from build where owner_id = :owner and status = 'RUNNING' and id <> :id)
                   and exists (select 1 from build waiting where status = 'PENDING' and owner_id <> :owner
                               and not exists (select 1 from build running
                                               where running.owner_id = waiting.owner_id and running.status = 'RUNNING'))""")
                .param("owner", build.owner().value())
                .param("id", build.id().value())
                .query(Boolean.class)
                .single();
    }

    List<BuildId> unfinishedOf(ServiceId service) {
        return jdbc
                .sql("select id from build where service_id = :service and status in ('PENDING', 'RUNNING')")
                .param("service", service.value())
                .query(UUID.class)
                .list()
                .stream()
                .map(BuildId::new)
                .toList();
    }

    List<BuildId> unfinishedOf(ProjectId project) {
        return jdbc.sql("""
                        select id from build
                        where project_id = :project and service_id is null and status in ('PENDING', 'RUNNING')""").param("project", project.value()).query(UUID.class).list().stream()
                .map(BuildId::new)
                .toList();
    }

    /** Removes what has ended of a project's builds without a service, with their logs. */
    public void deleteEnded(ProjectId project) {
        jdbc.sql("""
                delete from build
                where project_id = :project and service_id is null and status not in ('PENDING', 'RUNNING')""").param("project", project.value()).update();
    }

    /** Whether a project has builds without a service that have not ended. */
    public boolean hasUnfinished(ProjectId project) {
        return !unfinishedOf(project).isEmpty();
    }

    /** Removes what has ended of a service, with its logs. */
    public void deleteEnded(ServiceId service) {
        jdbc.sql("delete from build where service_id = :service and status not in ('PENDING', 'RUNNING')")
                .param("service", service.value())
                .update();
    }

    /** Whether a service has builds that have not ended. */
    public boolean hasUnfinished(ServiceId service) {
        return !unfinishedOf(service).isEmpty();
    }

    private String json(Object value) {
        return new String(codec.write(value), StandardCharsets.UTF_8);
    }

    /** The identifiers among these of builds that have not ended. */
    public java.util.Set<BuildId> unfinished() {
        return jdbc.sql("select id from build where status in ('PENDING', 'RUNNING')").query(UUID.class).list().stream()
                .map(BuildId::new)
                .collect(Collectors.toUnmodifiableSet());
    }
}
