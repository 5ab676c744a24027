package io.containr.deploy.log;

import java.time.Instant;

/**
 * A stored line.
 *
 * @param id rises in the order in which lines were stored
 * @param stream stdout, stderr or system
 */
public record LogEntry(long id, Instant time, String stream, String text) {}
