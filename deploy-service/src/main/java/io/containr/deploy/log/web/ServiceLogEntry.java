package io.containr.deploy.log.web;

import io.containr.deploy.log.LogEntry;
import java.time.Instant;
import java.util.List;

/** A line as the API shows it. */
record ServiceLogEntry(Instant timestamp, String message, String stream) {

    static ServiceLogEntry of(LogEntry entry) {
        return new ServiceLogEntry(entry.time(), entry.text(), entry.stream());
    }

    static List<ServiceLogEntry> of(List<LogEntry> entries) {
        return entries.stream().map(ServiceLogEntry::of).toList();
    }
}
