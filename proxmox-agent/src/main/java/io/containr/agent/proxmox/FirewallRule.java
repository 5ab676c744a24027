package io.containr.agent.proxmox;

import org.jspecify.annotations.Nullable;

/**
 * Lets something in.
 *
 * @param source address or CIDR
 * @param port TCP port, null: any
 */
public record FirewallRule(String source, @Nullable Integer port, String comment) {}
