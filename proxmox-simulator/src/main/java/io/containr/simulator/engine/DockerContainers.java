package io.containr.simulator.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.VolumeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** The container of each guest: at most one, found by its name. */
final class DockerContainers implements Containers {

    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");
    private static final int FILES = 200;

    private record ImageFile(String image, String path) {}

    private final DockerClient client;

    /** An image never changes, and guests are made of the same few. */
    private final Cache<ImageFile, Optional<String>> files =
            Caffeine.newBuilder().maximumSize(FILES).build();

    private final String instance;

    DockerContainers(DockerClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    private String name(int vmid) {
        return "containr-sim-" + instance + "-" + vmid;
    }

    @Override
    public void create(GuestSpec spec, Bridge bridge, List<String> imageEnvironment) {
        var create = client.createContainerCmd(spec.image())
                .withName(name(spec.vmid()))
                .withEntrypoint(spec.command())
                .withCmd(List.of())
                .withEnv(environment(spec, imageEnvironment))
                .withUser(spec.user())
                .withWorkingDir(spec.workingDirectory())
                .withStopSignal(spec.stopSignal())
                .withHostName(spec.hostname())
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withLabels(Labels.of(
                        instance, Labels.VMID, Integer.toString(spec.vmid()), Labels.LAUNCH, spec.launchHash()))
                .withHostConfig(hostConfig(spec, bridge));
        if (spec.address() != null) {
            create.withIpv4Address(spec.address());
        }
        if (spec.hardwareAddress() != null) {
            create.withMacAddress(spec.hardwareAddress());
        }
        create.exec();
    }

    /** A name without a value takes the variable away, be it the image's or the engine's own. */
    private static List<String> environment(GuestSpec spec, List<String> imageEnvironment) {
        Map<String, String> lines = new TreeMap<>();
        for (String inherited : imageEnvironment) {
            String name = inherited.split("=", 2)[0];
            lines.put(name, name);
        }
        lines.put("PATH", "PATH");
        lines.put("HOSTNAME", "HOSTNAME");
        spec.environment().forEach((name, value) -> lines.put(name, name + "=" + value));
        return List.copyOf(lines.values());
    }

    private static HostConfig hostConfig(GuestSpec spec, Bridge bridge) {
        List<Mount> mounts = new ArrayList<>();
        for (GuestSpec.Mount mount : spec.mounts()) {
            mounts.add(new Mount()
                    .withType(MountType.VOLUME)
                    .withSource(mount.volume())
                    .withTarget(mount.path())
                    .withReadOnly(mount.readOnly())
                    .withVolumeOptions(new VolumeOptions().withNoCopy(!mount.seeded())));
        }
        GuestSpec.Limits limits = spec.limits();
        return HostConfig.newHostConfig()
                .withNetworkMode(bridge.name())
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withCapDrop(Capability.MKNOD, Capability.AUDIT_WRITE)
                .withMounts(mounts)
                .withMemory(limits.memoryBytes())
                .withMemorySwap(limits.memoryBytes() + limits.swapBytes())
                .withNanoCPUs(limits.nanoCpus());
    }

    @Override
    public Optional<GuestState> find(int vmid) {
        try {
            return Optional.of(state(client.inspectContainerCmd(name(vmid)).exec()));
        } catch (NotFoundException missing) {
            return Optional.empty();
        }
    }

    private GuestState state(InspectContainerResponse found) {
        InspectContainerResponse.ContainerState state = found.getState();
        boolean running = Boolean.TRUE.equals(state.getRunning());
        String address = null;
        int prefix = 0;
        for (ContainerNetwork network : found.getNetworkSettings().getNetworks().values()) {
            if (network.getIpAddress() != null && !network.getIpAddress().isEmpty()) {
                address = network.getIpAddress();
                prefix = Objects.requireNonNullElse(network.getIpPrefixLen(), 0);
            }
        }
        Map<String, String> labels =
                Objects.requireNonNullElse(found.getConfig().getLabels(), Map.of());
        return new GuestState(
                found.getId(),
                running,
                running ? Objects.requireNonNullElse(state.getPidLong(), 0L) : 0,
                instant(state.getStartedAt()),
                running ? address : null,
                prefix,
                labels.getOrDefault(Labels.LAUNCH, ""));
    }

    private static @Nullable Instant instant(@Nullable String text) {
        Instant instant = text == null || text.isEmpty() ? NEVER : Instant.parse(text);
        return instant.equals(NEVER) ? null : instant;
    }

    @Override
    public Map<Integer, String> running() {
        Map<Integer, String> running = new HashMap<>();
        for (Container container : client.listContainersCmd()
                .withLabelFilter(Map.of(Labels.INSTANCE, instance))
                .exec()) {
            String vmid = container.getLabels().get(Labels.VMID);
            if (vmid != null) {
                running.put(Integer.valueOf(vmid), container.getId());
            }
        }
        return running;
    }

    @Override
    public void start(int vmid) {
        try {
            client.startContainerCmd(name(vmid)).exec();
        } catch (NotModifiedException running) {
            return;
        }
    }

    @Override
    public void signal(int vmid, String signal) {
        try {
            client.killContainerCmd(name(vmid)).withSignal(signal).exec();
        } catch (NotFoundException | ConflictException ended) {
            return;
        }
    }

    @Override
    public boolean awaitExit(int vmid, Duration atMost) throws InterruptedException {
        try {
            return client.waitContainerCmd(name(vmid))
                    .start()
                    .awaitCompletion(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (NotFoundException gone) {
            return true;
        }
    }

    @Override
    public void limit(int vmid, GuestSpec.Limits limits) {
        if (limits.equals(limits(vmid))) {
            return;
        }
        client.updateContainerCmd(name(vmid))
                .withMemory(limits.memoryBytes())
                .withMemorySwap(limits.memoryBytes() + limits.swapBytes())
                .withNanoCPUs(limits.nanoCpus())
                .exec();
    }

    private GuestSpec.Limits limits(int vmid) {
        HostConfig host = client.inspectContainerCmd(name(vmid)).exec().getHostConfig();
        long memory = Objects.requireNonNullElse(host.getMemory(), 0L);
        long both = Objects.requireNonNullElse(host.getMemorySwap(), 0L);
        return new GuestSpec.Limits(memory, both - memory, Objects.requireNonNullElse(host.getNanoCPUs(), 0L));
    }

    @Override
    public void remove(int vmid) {
        try {
            client.removeContainerCmd(name(vmid))
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException gone) {
            return;
        }
    }

    @Override
    public String commit(int vmid) {
        return client.commitCmd(name(vmid)).withPause(false).exec();
    }

    @Override
    public void freeze(int vmid) {
        client.pauseContainerCmd(name(vmid)).exec();
    }

    @Override
    public void resume(int vmid) {
        try {
            if (Boolean.TRUE.equals(
                    client.inspectContainerCmd(name(vmid)).exec().getState().getPaused())) {
                client.unpauseContainerCmd(name(vmid)).exec();
            }
        } catch (NotFoundException gone) {
            // Nothing is frozen.
        }
    }

    @Override
    public InputStream export(int vmid) {
        return client.exportContainerCmd(name(vmid)).exec();
    }

    @Override
    public InputStream read(int vmid, String path) {
        return client.copyArchiveFromContainerCmd(name(vmid), path).exec();
    }

    @Override
    public Optional<String> readImageFile(String image, String path) throws IOException {
        ImageFile file = new ImageFile(image, path);
        Optional<String> known = files.getIfPresent(file);
        if (known == null) {
            known = read(image, path);
            files.put(file, known);
        }
        return known;
    }

    private Optional<String> read(String image, String path) throws IOException {
        String probe = client.createContainerCmd(image)
                .withEntrypoint("/")
                .withLabels(Labels.of(instance))
                .exec()
                .getId();
        try (InputStream stream =
                        client.copyArchiveFromContainerCmd(probe, path).exec();
                TarArchiveInputStream tar = new TarArchiveInputStream(stream)) {
            TarArchiveEntry entry = tar.getNextEntry();
            return entry == null || !entry.isFile()
                    ? Optional.empty()
                    : Optional.of(new String(tar.readAllBytes(), StandardCharsets.UTF_8));
        } catch (NotFoundException missing) {
            return Optional.empty();
        } finally {
            client.removeContainerCmd(probe).withRemoveVolumes(true).exec();
        }
    }

    @Override
    public void write(int vmid, String directory, InputStream tar) {
        client.copyArchiveToContainerCmd(name(vmid))
                .withRemotePath(directory)
                .withTarInputStream(tar)
                .exec();
    }

    @Override
    public GuestUsage measure(int vmid) throws InterruptedException {
        AtomicReference<@Nullable Statistics> last = new AtomicReference<>();
        try (ResultCallback.Adapter<Statistics> callback = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Statistics statistics) {
                last.set(statistics);
            }
        }) {
            client.statsCmd(name(vmid)).withNoStream(true).exec(callback).awaitCompletion(10, TimeUnit.SECONDS);
        } catch (IOException | NotFoundException gone) {
            return GuestUsage.NONE;
        }
        Statistics statistics = last.get();
        return statistics == null ? GuestUsage.NONE : Usage.of(statistics);
    }

    @Override
    public List<Integer> all() {
        return client
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Labels.INSTANCE, instance))
                .exec()
                .stream()
                .map(container -> container.getLabels().get(Labels.VMID))
                .filter(Objects::nonNull)
                .map(Integer::valueOf)
                .toList();
    }

    void removeAll() {
        all().forEach(this::remove);
    }
}
