package io.containr.simulator.engine;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Containers in name only; a signal ends them, whichever it is. */
final class PaperContainers implements Containers {

    private static final int PREFIX = 16;

    private record Paper(GuestSpec spec, @Nullable Instant startedAt, boolean running) {}

    private final GuestListener listener;
    private final Clock clock;
    private final ConcurrentMap<Integer, Paper> containers = new ConcurrentHashMap<>();

    PaperContainers(GuestListener listener, Clock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    @Override
    public void create(GuestSpec spec, Bridge bridge, List<String> imageEnvironment) {
        containers.put(spec.vmid(), new Paper(spec, null, false));
    }

    @Override
    public Optional<GuestState> find(int vmid) {
        return Optional.ofNullable(containers.get(vmid))
                .map(paper -> new GuestState(
                        "paper-" + vmid,
                        paper.running(),
                        paper.running() ? vmid : 0,
                        paper.startedAt(),
                        paper.running() ? paper.spec().address() : null,
                        PREFIX,
                        paper.spec().launchHash()));
    }

    @Override
    public Map<Integer, String> running() {
        return containers.entrySet().stream()
                .filter(container -> container.getValue().running())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, container -> "paper-" + container.getKey()));
    }

    private Optional<Paper> change(int vmid, UnaryOperator<Paper> change) {
        return Optional.ofNullable(containers.computeIfPresent(vmid, (_, paper) -> change.apply(paper)));
    }

    @Override
    public void start(int vmid) {
        change(vmid, paper -> new Paper(paper.spec(), clock.instant(), true))
                .ifPresent(paper -> listener.started(
                        vmid, paper.spec().environment(), paper.spec().address()));
    }

    @Override
    public void signal(int vmid, String signal) {
        change(vmid, paper -> new Paper(paper.spec(), paper.startedAt(), false)).ifPresent(_ -> listener.ended(vmid));
    }

    @Override
    public boolean awaitExit(int vmid, Duration atMost) {
        return true;
    }

    @Override
    public void limit(int vmid, GuestSpec.Limits limits) {}

    @Override
    public void remove(int vmid) {
        Paper removed = containers.remove(vmid);
        if (removed != null && removed.running()) {
            listener.ended(vmid);
        }
    }

    @Override
    public String commit(int vmid) {
        return "paper-" + vmid;
    }

    @Override
    public void freeze(int vmid) {}

    @Override
    public void resume(int vmid) {}

    @Override
    public InputStream export(int vmid) {
        throw noContent();
    }

    @Override
    public InputStream read(int vmid, String path) {
        throw noContent();
    }

    @Override
    public Optional<String> readImageFile(String image, String path) {
        return Optional.empty();
    }

    @Override
    public void write(int vmid, String directory, InputStream tar) {
        throw noContent();
    }

    @Override
    public GuestUsage measure(int vmid) {
        return GuestUsage.NONE;
    }

    @Override
    public List<Integer> all() {
        return List.copyOf(containers.keySet());
    }

    private static UnsupportedOperationException noContent() {
        return new UnsupportedOperationException("guests without an engine have no content");
    }
}
