package io.containr.agent.proxmox;

import org.jspecify.annotations.Nullable;

/**
 * A guest this moment.
 *
 * @param lock the operation that holds it, such as {@code create}; null where none does
 */
public record GuestStatus(boolean running, @Nullable String lock) {}
