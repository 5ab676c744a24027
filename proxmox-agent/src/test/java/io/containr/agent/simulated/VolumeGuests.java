package io.containr.agent.simulated;

import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Guests that keep rows in a volume and serve them, what is backed up of them and made of that. Other tests share the cluster: closing
 * leaves nothing of these there, however the test ended.
 */
final class VolumeGuests implements AutoCloseable {

    static final int ROWS = 1000;

    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Fills the volume once, writes a line at each start, and serves what is there. */
    private static final String SERVE = """
            /bin/busybox mkdir -p /data
            [ -e /data/rows ] || { /bin/busybox seq %d > /data/new; /bin/busybox mv /data/new /data/rows; }
            echo start >> /data/starts
            echo up > /data/index.html
            exec /bin/busybox httpd -f -p $PORT -h /data""".formatted(ROWS);

    private final Proxmox proxmox;
    private final TestMessages messages;
    private final PreparedImage image;
    private final ProjectId project = new ProjectId(Ids.next());
    private final Set<Integer> others;
    private final Set<InstanceSpec> instances = new LinkedHashSet<>();
    private final Set<ServiceId> removed = new HashSet<>();
    private final Set<ServiceId> volumes = new LinkedHashSet<>();
    private final Map<BackupId, ServiceId> backups = new LinkedHashMap<>();

    private VolumeGuests(Proxmox proxmox, TestMessages messages, PreparedImage image) {
        this.proxmox = proxmox;
        this.messages = messages;
        this.image = image;
        this.others = vmids();
    }

    /** Returns once the agent takes commands. */
    static VolumeGuests on(Proxmox proxmox, PreparedImage image) {
        TestMessages messages = new TestMessages();
        AgentTestEnvironment.awaitCommandsTaken(messages);
        return new VolumeGuests(proxmox, messages, image);
    }

    TestMessages messages() {
        return messages;
    }

    /** One of a service of its own. */
    InstanceSpec ensure() {
        return ensure(new ServiceId(Ids.next()));
    }

    InstanceSpec ensure(ServiceId service) {
        volumes.add(service);
        return ensure(Specs.keeping(plain(service), new Volume(64, "/data")));
    }

    /** One that keeps nothing. */
    InstanceSpec ensureForgetful() {
        return ensure(plain(new ServiceId(Ids.next())));
    }

    private InstanceSpec ensure(InstanceSpec spec) {
        instances.add(spec);
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    private InstanceSpec plain(ServiceId service) {
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                service,
                project,
                new DeploymentId(Ids.next()),
                1,
                "rows",
                null,
                image,
                List.of("/bin/busybox", "sh", "-c", SERVE),
                Map.of("PORT", Integer.toString(PORT)),
                Map.of(),
                new Resources(200, 32, 64),
                PORT,
                new HealthCheck("/", Duration.ofSeconds(60)),
                Duration.ofSeconds(1),
                null,
                null,
                false,
                null);
    }

    /** Where it is to be called, once it is healthy. */
    String address(InstanceSpec spec) {
        return await("healthy")
                .atMost(PATIENCE)
                .until(
                        () -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(event -> event.instance().id().equals(spec.instance()))
                                .map(InstanceBecameHealthy::address)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** How many rows it serves. */
    long rows(InstanceSpec spec) throws IOException, InterruptedException {
        return lines(spec, "/rows");
    }

    /** How often guests started on its volume. */
    long starts(InstanceSpec spec) throws IOException, InterruptedException {
        return lines(spec, "/starts");
    }

    private long lines(InstanceSpec spec, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + address(spec) + ":" + PORT + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(path + ": " + answer.statusCode());
            }
            return answer.body().lines().count();
        }
    }

    BackupId backUp(ServiceId service) {
        BackupId backup = new BackupId(Ids.next());
        backUp(backup, service);
        return backup;
    }

    void backUp(BackupId backup, ServiceId service) {
        backups.put(backup, service);
        messages.publish(new BackUpVolume(backup, service), service);
    }

    void delete(BackupId backup, ServiceId service) {
        messages.publish(new DeleteBackup(backup, service), service);
    }

    void restore(BackupId backup, ServiceId service) {
        volumes.add(service);
        messages.publish(new RestoreVolume(backup, service), service);
    }

    void removeVolume(ServiceId service) {
        removed.add(service);
        messages.publish(new RemoveVolume(service), service);
    }

    /** With its volume. */
    void remove(InstanceSpec spec) {
        removeVolume(spec.service());
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service());
    }

    void awaitRemoved(InstanceSpec spec) {
        await("removed")
                .atMost(PATIENCE)
                .until(() -> messages.all(InstanceRemoved.class).stream()
                        .anyMatch(event -> event.instance().id().equals(spec.instance())));
    }

    /** Numbers of the guests that were made here and are still there. */
    Set<Integer> guests() {
        Set<Integer> made = new HashSet<>(vmids());
        made.removeAll(others);
        return made;
    }

    void awaitGuests(int count) {
        await(count + " guests")
                .atMost(PATIENCE)
                .ignoreException(ProxmoxException.class)
                .until(() -> guests().size() == count);
    }

    private Set<Integer> vmids() {
        return proxmox.cluster().guests().stream().map(ClusterView.Guest::vmid).collect(Collectors.toSet());
    }

    /** Backups go first: one whose guest is gone needs a stand-in to be deleted. */
    @Override
    public void close() {
        try {
            Map<BackupId, ServiceId> left = new LinkedHashMap<>(backups);
            left.values().removeAll(removed);
            left.forEach(this::delete);
            await("backups are gone")
                    .atMost(PATIENCE)
                    .until(() -> messages.all(BackupDeleted.class).stream()
                            .map(BackupDeleted::backup)
                            .collect(Collectors.toSet())
                            .containsAll(left.keySet()));
        } finally {
            volumes.forEach(this::removeVolume);
            instances.forEach(this::remove);
            awaitGuests(0);
            messages.close();
        }
    }
}
