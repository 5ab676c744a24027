package io.containr.deploy.run.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.containr.contracts.Failure;
import io.containr.deploy.log.LogEntry;
import io.containr.deploy.run.Run;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as the API shows it.
 *
 * @param scheduledAt when it was due, of a manual one when it was asked for
 * @param exitCode left out where the command did not end by itself
 * @param logs only where one run is shown: its last lines
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
        UUID id,
        UUID serviceId,
        UUID projectId,
        UUID deploymentId,
        UUID releaseId,
        String trigger,
        String status,
        Instant scheduledAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Integer exitCode,
        @Nullable String error,
        @Nullable String errorCode,
        @Nullable List<Line> logs) {

    record Line(Instant timestamp, String stream, String message) {}

    static RunView of(Run run) {
        return of(run, null);
    }

    static RunView withLogs(Run run, List<LogEntry> lines) {
        return of(
                run,
                lines.stream()
                        .map(line -> new Line(line.time(), line.stream(), line.text()))
                        .toList());
    }

    private static RunView of(Run run, @Nullable List<Line> lines) {
        Failure failure = run.failure();
        return new RunView(
                run.id().value(),
                run.service().value(),
                run.project().value(),
                run.deployment().value(),
                run.release().value(),
                run.trigger().word(),
                run.status().word(),
                run.scheduledAt(),
                run.startedAt(),
                run.endedAt(),
                run.exitCode(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.code(),
                lines);
    }
}
