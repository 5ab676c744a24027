package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is connected, and the commands that wait for their results. */
final class ConnectedGuests implements GuestCommands {

    private static final Logger log = LoggerFactory.getLogger(ConnectedGuests.class);

    /** How long after a command's own timeout its result may come: the guest may have to find its agent again. */
    private static final Duration RESULT_DELAY = Duration.ofMinutes(1);

    private final ConcurrentMap<InstanceId, GuestConnection> connections = new ConcurrentHashMap<>();
    private final ConcurrentMap<RunKey, PendingRun> pending = new ConcurrentHashMap<>();

    private record RunKey(InstanceId instance, String id) {}

    private record PendingRun(
            GuestRun run, RunOutput output, AtomicLongArray received, CompletableFuture<RunResult> future) {}

    /** A welcomed guest; its earlier connection, if any, is closed. Commands without a result are asked for again. */
    void attach(InstanceId instance, GuestConnection connection) throws IOException {
        var earlier = connections.put(instance, connection);
        if (earlier != null) {
            earlier.close();
        }
        for (var entry : pending.entrySet()) {
            if (entry.getKey().instance().equals(instance)) {
                connection.send(ToGuest.Run.of(entry.getValue().run()));
            }
        }
    }

    /** @return whether this was the guest's current connection */
    boolean detach(InstanceId instance, GuestConnection connection) {
        return connections.remove(instance, connection);
    }

    int size() {
        return connections.size();
    }

    void closeAll() {
        connections.values().forEach(GuestConnection::close);
    }

    @Override
    public boolean isConnected(InstanceId instance) {
        return connections.containsKey(instance);
    }

    @Override
    public CompletableFuture<RunResult> run(InstanceId instance, GuestRun run, RunOutput output) {
        var key = new RunKey(instance, run.id());
        var added = new PendingRun(run, output, new AtomicLongArray(2), new CompletableFuture<>());
        var waiting = pending.putIfAbsent(key, added);
        if (waiting != null) {
            return waiting.future();
        }
        added.future()
                .orTimeout(run.timeout().plus(RESULT_DELAY).toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> pending.remove(key, added));
        if (!send(instance, ToGuest.Run.of(run))) {
            added.future().completeExceptionally(new GuestNotConnectedException(instance));
        }
        return added.future();
    }

    @Override
    public boolean stop(InstanceId instance, Duration grace) {
        return send(instance, new ToGuest.Stop(grace.toMillis()));
    }

    @Override
    public boolean hosts(InstanceId instance, List<GuestSpec.Host> hosts) {
        return send(instance, new ToGuest.Hosts(hosts));
    }

    void output(InstanceId instance, FromGuest.Output output) {
        var run = find(instance, output.id());
        var data = output.data();
        if (run == null || data == null || output.stream() == null) {
            return;
        }
        var stream = GuestLine.Stream.of(output.stream());
        run.received().addAndGet(stream == GuestLine.Stream.STDOUT ? 0 : 1, data.length);
        try {
            run.output().accept(stream, data);
        } catch (RuntimeException e) {
            run.future().completeExceptionally(e);
        }
    }

    void result(InstanceId instance, FromGuest.Result result) {
        var run = find(instance, result.id());
        if (run == null) {
            return;
        }
        var complete =
                run.received().get(0) == result.stdoutBytes() && run.received().get(1) == result.stderrBytes();
        run.future()
                .complete(new RunResult(
                        result.exitCode(),
                        FromGuest.emptyToNull(result.signal()),
                        FromGuest.emptyToNull(result.error()),
                        complete));
    }

    private @Nullable PendingRun find(InstanceId instance, @Nullable String id) {
        return id == null ? null : pending.get(new RunKey(instance, id));
    }

    /** False without a connection, or with one that fails now: its end is noticed by its reader. */
    private boolean send(InstanceId instance, ToGuest message) {
        var connection = connections.get(instance);
        if (connection == null) {
            return false;
        }
        try {
            connection.send(message);
            return true;
        } catch (IOException e) {
            log.debug("guest {} went away", instance, e);
            connection.close();
            return false;
        }
    }
}
