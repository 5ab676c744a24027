package io.containr.agent.node;

import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.Upid;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Tells what nodes did or refused to do; joins the caller's transaction where there is one. */
@Component
public class NodeEvents {

    private static final String OK = "OK";

    private final Outbox outbox;
    private final TransactionOperations transaction;
    private final Clock clock;

    NodeEvents(Outbox outbox, TransactionOperations transaction, Clock clock) {
        this.outbox = outbox;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * What was asked of a node.
     *
     * @param vmid null: it is about no guest
     * @param service null: it is about no guest
     * @param type as Proxmox VE names it
     * @param subject what it is about
     */
    public record Deed(
            String node, @Nullable Integer vmid, @Nullable ServiceId service, String type, String subject) {

        /** About an image. */
        public static Deed ofImage(String node, String type, String volumeId) {
            return new Deed(node, null, null, type, volumeId);
        }
    }

    /** @param task null where it was done without one */
    public void done(Deed deed, @Nullable Upid task, Instant since) {
        append(deed, task, OK, null, since);
    }

    /** The task was begun and ended badly. */
    public void failed(Deed deed, Upid task, String reason, Instant since) {
        append(deed, task, ProxmoxFailure.ofTask(reason).name(), reason, since);
    }

    /** It was not begun, or nobody knows. */
    public void refused(Deed deed, ProxmoxException refusal, Instant since) {
        append(deed, null, refusal.failure().name(), refusal.getMessage(), since);
    }

    private void append(Deed deed, @Nullable Upid task, String outcome, @Nullable String message, Instant since) {
        NodeTaskEnded event = new NodeTaskEnded(
                deed.node(),
                deed.vmid(),
                deed.service(),
                deed.type(),
                deed.subject(),
                task == null ? null : task.value(),
                outcome,
                message,
                Duration.between(since, clock.instant()));
        transaction.executeWithoutResult(status -> outbox.append(event, deed.node()));
    }
}
