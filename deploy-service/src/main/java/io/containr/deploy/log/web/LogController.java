package io.containr.deploy.log.web;

import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.log.LogEntry;
import io.containr.deploy.log.LogFollowers;
import io.containr.deploy.log.LogStore;
import io.containr.deploy.log.LogStore.Part;
import io.containr.deploy.request.DeploymentRequests;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Logs of services and deployments. */
@RestController
@RequestMapping("/api/v1")
class LogController {

    private static final int DEFAULT_TAIL = 100;
    private static final int LONGEST_TAIL = 10_000;

    private final LogStore logs;
    private final LogFollowers followers;
    private final ProjectDirectory directory;
    private final DeploymentRequests deployments;

    LogController(LogStore logs, LogFollowers followers, ProjectDirectory directory, DeploymentRequests deployments) {
        this.logs = logs;
        this.followers = followers;
        this.directory = directory;
        this.deployments = deployments;
    }

    @GetMapping("/services/{id}/logs")
    ResponseEntity<Object> ofService(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable String tail,
            @RequestParam(defaultValue = "false") boolean follow,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Actor actor) {
        int lines = tail(tail);
        ServiceId service = directory.service(new ServiceId(id), actor).service();
        if (follow) {
            long after = lastEventId == null ? beforeTail(service, lines) : lastEvent(lastEventId);
            return follow(service, after, actor);
        }
        List<LogEntry> entries = logs.tail(service, lines);
        return ResponseEntity.ok(new ServiceLogs(
                ServiceLogEntry.of(entries), entries.isEmpty() ? "The service has not written anything yet" : null));
    }

    private ResponseEntity<Object> follow(ServiceId service, long after, Actor actor) {
        EventStream stream = new EventStream();
        followers.follow(service, after, stream, () -> directory.maySee(service, actor));
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no")
                .body(stream.emitter());
    }

    @GetMapping("/deployments/{id}/logs")
    DeploymentLogs ofDeployment(@PathVariable UUID id, @RequestParam(defaultValue = "all") String type, Actor actor) {
        boolean build = includes(type, "build");
        boolean runtime = includes(type, "runtime");
        Deployment deployment = deployments.find(new DeploymentId(id), actor);
        List<LogEntry> built = build ? logs.of(deployment.id(), Part.BUILD, LONGEST_TAIL) : List.of();
        List<LogEntry> ran = runtime ? logs.of(deployment.id(), Part.RUNTIME, LONGEST_TAIL) : List.of();
        List<LogEntry> all = new ArrayList<>(built);
        all.addAll(ran);
        return new DeploymentLogs(
                ServiceLogEntry.of(all), build ? LogStore.text(built) : null, runtime ? LogStore.text(ran) : null);
    }

    private static boolean includes(String type, String part) {
        return switch (type) {
            case "all" -> true;
            case "build", "runtime" -> type.equals(part);
            default -> throw ApiException.invalid("type", "must be all, build or runtime");
        };
    }

    /** The line before the tail, so that the follower begins with the tail and misses nothing that comes meanwhile. */
    private long beforeTail(ServiceId service, int lines) {
        List<LogEntry> entries = logs.tail(service, lines);
        return entries.isEmpty() ? 0 : entries.getFirst().id() - 1;
    }

    private static long lastEvent(String id) {
        try {
            return Long.parseLong(id.strip());
        } catch (NumberFormatException e) {
            throw ApiException.invalid("Last-Event-ID", "must be the id of an event of this stream");
        }
    }

    private static int tail(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return DEFAULT_TAIL;
        }
        try {
            int lines = Integer.parseInt(text.strip());
            if (lines >= 1 && lines <= LONGEST_TAIL) {
                return lines;
            }
        } catch (NumberFormatException e) {
            throw badTail();
        }
        throw badTail();
    }

    private static ApiException badTail() {
        return ApiException.invalid("tail", "must be a number from 1 to " + LONGEST_TAIL);
    }

    record ServiceLogs(List<ServiceLogEntry> logs, @Nullable String message) {}

    record DeploymentLogs(
            List<ServiceLogEntry> logs,
            @Nullable String buildLog,
            @Nullable String runtimeLog) {}
}
