package io.containr.audit.log;

import java.time.Instant;

/**
 * A fact in the log.
 *
 * @param seq its place, from 1 without gaps
 * @param recordedAt when it was added
 */
record Entry(long seq, Fact fact, Instant recordedAt) {}
