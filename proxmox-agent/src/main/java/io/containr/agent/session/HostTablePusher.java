package io.containr.agent.session;

import io.containr.agent.AgentProperties;
import io.containr.agent.guest.GuestCommands;
import io.containr.agent.guest.GuestSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps the hosts tables of the guests that are connected here up to date: looks at once when something changed here, and
 * now and then for what another copy of the agent changed; sends a guest its table where it differs from what it was sent last
 * over this connection. A guest that is slow to take its table holds up no other.
 */
@Component
class HostTablePusher implements NameChanges, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(HostTablePusher.class);

    /** Between two looks: after a restart of the agent all guests come within seconds, and each wakes it. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final HostTables tables;
    private final ObjectProvider<IntakeServer> intake;
    private final Duration look;
    private final ConcurrentMap<InstanceId, Peer> peers = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private volatile @Nullable Work work;

    /** @param intake looked up late: it cannot be made without who tells this of its guests */
    HostTablePusher(HostTables tables, ObjectProvider<IntakeServer> intake, AgentProperties properties) {
        this.tables = tables;
        this.intake = intake;
        this.look = properties.watch().names();
    }

    /** A thread that looks, and those that send. */
    private record Work(Thread looking, ExecutorService sending) {}

    /** A connection of a guest. */
    private static final class Peer {

        private final ProjectId project;
        private volatile @Nullable List<GuestSpec.Host> sent;
        private volatile boolean busy;

        private Peer(ProjectId project) {
            this.project = project;
        }
    }

    void connected(InstanceId instance, ProjectId project) {
        peers.put(instance, new Peer(project));
        changed();
    }

    /** Its next connection may be there before the end of the last one is noticed. */
    void disconnected(InstanceId instance) {
        peers.computeIfPresent(instance, (id, peer) -> guests().isConnected(id) ? peer : null);
    }

    @Override
    public void changed() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            wake.release();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wake.release();
            }
        });
    }

    private GuestCommands guests() {
        return intake.getObject().commands();
    }

    private void lookForEver(ExecutorService sending) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                boolean woken = wake.tryAcquire(look.toMillis(), TimeUnit.MILLISECONDS);
                log.trace("looking at the names, {}", woken ? "woken" : "unasked");
                wake.drainPermits();
                look(sending);
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.warn("The names of projects cannot be looked at now: {}", e.toString());
            }
        }
    }

    private void look(ExecutorService sending) {
        Set<ProjectId> projects =
                peers.values().stream().map(peer -> peer.project).collect(Collectors.toUnmodifiableSet());
        if (projects.isEmpty()) {
            return;
        }
        Map<ProjectId, List<GuestSpec.Host>> current = tables.of(projects);
        peers.forEach((instance, peer) -> {
            List<GuestSpec.Host> table = current.getOrDefault(peer.project, List.of());
            if (!peer.busy && !table.equals(peer.sent)) {
                peer.busy = true;
                sending.execute(() -> send(instance, peer, table));
            }
        });
    }

    /** Whatever changed while this was on its way is looked at afterwards. */
    private void send(InstanceId instance, Peer peer, List<GuestSpec.Host> table) {
        boolean sent = false;
        try {
            sent = peers.get(instance) == peer && guests().hosts(instance, table);
        } finally {
            if (sent) {
                peer.sent = table;
            }
            peer.busy = false;
        }
        if (sent) {
            changed();
        }
    }

    @Override
    public synchronized void start() {
        ExecutorService sending = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("host-table-", 0).factory());
        Thread looking = Thread.ofVirtual().name("host-tables").start(() -> lookForEver(sending));
        work = new Work(looking, sending);
    }

    @Override
    public synchronized void stop() {
        Work running = work;
        if (running != null) {
            running.looking().interrupt();
            running.sending().shutdown();
            work = null;
        }
    }

    @Override
    public boolean isRunning() {
        return work != null;
    }
}
