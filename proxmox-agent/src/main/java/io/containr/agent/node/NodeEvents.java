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
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    /** A call that begins a task, of whose end will be told; here only of a refusal, or that nobody knows. */
    public Upid begin(Deed deed, Supplier<Upid> call) {
        Instant since = clock.instant();
        try {
            return call.get();
        } catch (ProxmoxException e) {
            refused(deed, e.failure(), e.getMessage(), since);
            throw e;
        }
    }

    /**
     * A call that does all at once.
     *
     * @param note what follows from it in the tables, together with the telling
     */
    public void run(Deed deed, Runnable call, Runnable note) {
        run(deed, call, note, refusal -> true);
    }

    /** @param isNews whether a refusal is told */
    public void run(Deed deed, Runnable call, Runnable note, Predicate<ProxmoxException> isNews) {
        Instant since = clock.instant();
        try {
            call.run();
        } catch (ProxmoxException e) {
            if (isNews.test(e)) {
                refused(deed, e.failure(), e.getMessage(), since);
            }
            throw e;
        }
        transaction.executeWithoutResult(status -> {
            append(deed, null, OK, null, since);
            note.run();
        });
    }

    /**
     * A task ended.
     *
     * @param failure its last words, null if it ended well
     * @param note what follows from it in the tables, together with the telling: whoever is cut off between them tells it once all the same
     */
    public <T> T ended(Deed deed, Upid task, @Nullable String failure, Instant since, Supplier<T> note) {
        return Objects.requireNonNull(transaction.execute(status -> {
            ended(deed, task, failure, since);
            return note.get();
        }));
    }

    /** A task ended; joins the caller's transaction. */
    public void ended(Deed deed, Upid task, @Nullable String failure, Instant since) {
        append(deed, task, failure == null ? OK : ProxmoxFailure.ofTask(failure).name(), failure, since);
    }

    /** It was not begun, or nobody knows. */
    public void refused(Deed deed, ProxmoxFailure meaning, @Nullable String message, Instant since) {
        append(deed, null, meaning.name(), message, since);
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
