package io.containr.runtime.messaging;

import io.containr.contracts.MessageType;
import java.time.Instant;
import java.util.UUID;

/**
 * The envelope of a message.
 *
 * @param id the same on every delivery
 * @param source which service sent it
 * @param key what orders it
 */
public record MessageMeta(UUID id, MessageType type, String source, Instant time, String key, Origin origin) {}
