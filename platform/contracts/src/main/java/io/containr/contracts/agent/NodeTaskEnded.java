package io.containr.contracts.agent;

import io.containr.contracts.ids.ServiceId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A node did something that was asked for, or refused to, that is no step of an instance: it fetched or deleted an image, changed a guest's
 * firewall, took a backup or restored one, removed a guest that nobody owns. A fact from the proxmox-agent; key is the node.
 *
 * @param vmid the guest it was about, null where it was about none
 * @param service whose guest it is, null where it was about none, or one that nobody owns
 * @param type the hypervisor's own name of what was to be done, such as {@code vzdump}; {@code firewall} for what has none
 * @param subject what it was about: a volume id of an image, a set of addresses, a backup
 * @param task the hypervisor's id of it, null where none was begun
 * @param outcome {@code OK}, or what the refusal means
 * @param message in the hypervisor's words, null where there is nothing to say
 * @param took from the call to the end
 */
public record NodeTaskEnded(
        String node,
        @Nullable Integer vmid,
        @Nullable ServiceId service,
        String type,
        String subject,
        @Nullable String task,
        String outcome,
        @Nullable String message,
        Duration took) {}
