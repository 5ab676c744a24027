package io.containr.database;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceNotResized;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceResized;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * Plays build-service and proxmox-agent. The guests of Redis databases are real servers, one at a time for a volume, which is a folder;
 * those of PostgreSQL and MySQL are too once that is asked for. Those of other engines are only described.
 */
final class World implements AutoCloseable {

    private static final String NODE = "pve1";
    private static final String STORAGE = "backup";

    /** Variables by which guests of an engine are known. */
    private static final String POSTGRES = "POSTGRES_PASSWORD";

    private static final String MYSQL = "MYSQL_PASSWORD";

    final TestMessages messages = new TestMessages();
    private final SecretBox secrets;
    private final Path archives;
    private final Path home;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final Map<Class<?>, Integer> seen = new HashMap<>();
    private final Map<InstanceId, Process> servers = new ConcurrentHashMap<>();
    private final Map<InstanceId, InstanceSpec> specs = new ConcurrentHashMap<>();
    private final Set<String> brokenImages = ConcurrentHashMap.newKeySet();
    private volatile Storage storage = Storage.FINE;
    private Growth growth = Growth.FINE;
    private final List<InstanceSpec> delayed = new ArrayList<>();
    private final Map<String, EngineGuests> real = new ConcurrentHashMap<>();
    private volatile String postgresSettings = "";
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();

    /** @param archives the folder of the backup storage, for the node and storage that are put in */
    World(SecretBox secrets, String archives) {
        this.secrets = secrets;
        this.archives = Path.of(archives.replace("{node}", NODE).replace("{storage}", STORAGE));
        try {
            this.home = Files.createTempDirectory("containr-test-databases-");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clock.scheduleWithFixedDelay(this::work, 0, 5, TimeUnit.MILLISECONDS);
    }

    /** From now on this image cannot be prepared. */
    void breakImage(String reference) {
        brokenImages.add(reference);
    }

    void repairImage(String reference) {
        brokenImages.remove(reference);
    }

    /** The next so many guests whose names begin so fail. */
    void failGuests(String name, int count) {
        failing.put(name, count);
    }

    /** From now on guests of PostgreSQL are real. */
    synchronized void servePostgres() throws IOException, InterruptedException {
        if (!real.containsKey(POSTGRES)) {
            real.put(POSTGRES, new PostgresGuests(Files.createDirectory(home.resolve("postgres"))));
        }
    }

    /** From now on guests of MySQL are real. */
    synchronized void serveMySql() throws IOException {
        if (!real.containsKey(MYSQL)) {
            real.put(MYSQL, new MySqlGuests(Files.createDirectory(home.resolve("mysql-guests"))));
        }
    }

    /** Guests of PostgreSQL that start from now on have these, too, as its command takes them. */
    void postgresSettings(String settings) {
        postgresSettings = settings;
    }

    /** What becomes of limits and volumes that are changed while a guest runs. */
    enum Growth {
        FINE,
        /** The node has no room for the moment. */
        DELAYED,
        /** The hypervisor does not do it to a guest that runs. */
        REFUSED
    }

    /** How it goes from now on; what was delayed is done once it is fine. */
    synchronized void growth(Growth now) {
        growth = now;
        if (now == Growth.FINE) {
            delayed.forEach(spec -> messages.publish(new InstanceResized(instance(spec)), spec.service()));
            delayed.clear();
        }
    }

    private synchronized void resize(InstanceSpec spec) {
        if (growth == Growth.FINE) {
            messages.publish(new InstanceResized(instance(spec)), spec.service());
            return;
        }
        boolean passes = growth == Growth.DELAYED;
        Failure failure = passes
                ? new Failure(
                        "NO_CAPACITY", "It cannot grow: the node pve1 does not have another 1024 MiB of free memory")
                : new Failure("RESIZE_REFUSED", "Its limits cannot change while it runs: unable to hotplug memory");
        if (passes) {
            delayed.add(spec);
        }
        messages.publish(new InstanceNotResized(instance(spec), failure, passes), spec.service());
    }

    private void work() {
        fresh(StartBuild.class).forEach(this::build);
        fresh(EnsureInstance.class).forEach(command -> ensure(command.spec()));
        fresh(RemoveInstance.class).forEach(this::remove);
        fresh(BackUpVolume.class).forEach(this::backUp);
        fresh(RestoreVolume.class).forEach(this::restore);
        fresh(DeleteBackup.class)
                .forEach(command ->
                        messages.publish(new BackupDeleted(command.backup(), command.service()), command.service()));
    }

    /** How backups and restores go from now on. */
    enum Storage {
        FINE,
        /** Backups and restores are asked for, and nothing is heard of them. */
        SILENT,
        /** No backup fits. */
        FULL,
        /** No backup can be restored. */
        UNREADABLE,
        /** What is restored cannot be read by its engine. */
        DAMAGED,
        /** What is restored is empty. */
        FORGETFUL
    }

    void storage(Storage now) {
        storage = now;
    }

    private void backUp(BackUpVolume command) {
        if (storage == Storage.SILENT) {
            return;
        }
        if (storage == Storage.FULL) {
            messages.publish(
                    new VolumeBackupFailed(
                            command.backup(),
                            command.service(),
                            new Failure("BACKUP_STORAGE_FULL", "No space left on device")),
                    command.service());
            return;
        }
        Path copy = home.resolve("backup-" + command.backup());
        pausedCopy(command.service(), copy);
        Path archive = archive(command.backup());
        tar("--create", archive, copy);
        messages.publish(
                new VolumeBackedUp(
                        command.backup(),
                        command.service(),
                        NODE,
                        STORAGE + ":backup/" + archive.getFileName(),
                        archive.toFile().length(),
                        Instant.now()),
                command.service());
    }

    private void restore(RestoreVolume command) {
        if (storage == Storage.SILENT) {
            return;
        }
        if (storage == Storage.UNREADABLE) {
            refuse(command, "unable to read the archive");
            return;
        }
        Path volume = volume(command.service());
        if (storage != Storage.FORGETFUL) {
            if (!Files.exists(archive(command.backup()))) {
                refuse(command, "there is no such archive");
                return;
            }
            volume.toFile().mkdirs();
            tar("--extract", archive(command.backup()), volume);
        }
        if (storage == Storage.DAMAGED) {
            damage(volume);
        }
        messages.publish(new VolumeRestored(command.backup(), command.service()), command.service());
    }

    private void refuse(RestoreVolume command, String reason) {
        messages.publish(
                new VolumeRestoreFailed(command.backup(), command.service(), new Failure("RESTORE_FAILED", reason)),
                command.service());
    }

    /** Where the archive of a backup lies on the storage. */
    Path archive(BackupId backup) {
        return archives.resolve("vzdump-lxc-100-" + backup + ".tar");
    }

    /** The storage is gone, or is there again. */
    Path archives() {
        return archives;
    }

    private void tar(String operation, Path archive, Path folder) {
        try {
            Files.createDirectories(archives);
            Process tar = new ProcessBuilder(
                            "tar", operation, "--file=" + archive.toAbsolutePath(), "--directory=" + folder, ".")
                    .inheritIO()
                    .start();
            if (tar.waitFor() != 0) {
                throw new IOException("tar ended with " + tar.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pausedCopy(ServiceId volume, Path to) {
        Optional<Process> server = specs.values().stream()
                .filter(spec -> spec.service().equals(volume) && guests(spec).isPresent())
                .map(spec -> servers.get(spec.instance()))
                .filter(Objects::nonNull)
                .findFirst();
        try {
            if (server.isPresent()) {
                EngineGuests.paused(server.get(), () -> copy(volume(volume), to));
            } else {
                copy(volume(volume), to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path volume(ServiceId service) {
        return home.resolve(service.toString());
    }

    private static void copy(Path from, Path to) {
        try {
            FileSystemUtils.copyRecursively(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void damage(Path volume) {
        try (Stream<Path> files = Files.walk(volume)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "damaged");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized <T> List<T> fresh(Class<T> type) {
        List<T> all = messages.all(type);
        List<T> fresh = new ArrayList<>(all.subList(seen.getOrDefault(type, 0), all.size()));
        seen.put(type, all.size());
        return fresh;
    }

    private void build(StartBuild build) {
        String reference = String.valueOf(build.source().image());
        if (brokenImages.contains(reference)) {
            messages.publish(
                    new BuildFailed(
                            build.build(),
                            null,
                            build.service(),
                            build.project(),
                            new Failure("IMAGE_NOT_FOUND", "There is no such image")),
                    build.service());
            return;
        }
        PreparedImage image = new PreparedImage(
                "registry.test/s/" + build.service(),
                "5f70bf18a086",
                "sha256:5f70bf18a086",
                1,
                new PreparedImage.Config(
                        List.of("docker-entrypoint.sh"),
                        List.of("usual"),
                        Map.of(),
                        "",
                        "/",
                        "SIGTERM",
                        List.of(),
                        List.of(),
                        null));
        messages.publish(
                new BuildSucceeded(build.build(), null, build.service(), build.project(), image, null, Map.of()),
                build.service());
    }

    private void ensure(InstanceSpec spec) {
        if (specs.put(spec.instance(), spec) != null) {
            resize(spec);
            return;
        }
        int failures = failing.entrySet().stream()
                .filter(entry -> spec.name().startsWith(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .findFirst()
                .orElse(0);
        if (failures > 0) {
            failing.replaceAll((name, count) -> spec.name().startsWith(name) ? count - 1 : count);
            messages.publish(
                    new InstanceFailed(
                            instance(spec),
                            new Failure("APP_EXITED", "It ended with exit code 1"),
                            List.of("no space left")),
                    spec.service());
        } else if (spec.variables().containsKey("REDIS_PASSWORD")) {
            serve(spec);
        } else {
            guests(spec).ifPresent(guests -> serveReal(spec, guests));
        }
    }

    private Optional<EngineGuests> guests(InstanceSpec spec) {
        return spec.variables().keySet().stream()
                .map(real::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private void serveReal(InstanceSpec spec, EngineGuests guests) {
        endOthers(spec);
        try {
            Path data = Files.createDirectories(volume(spec.service()));
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
            int port = freePort();
            Map<String, String> variables = spec.variables().keySet().stream()
                    .collect(Collectors.toMap(name -> name, name -> variable(spec, name)));
            servers.put(
                    spec.instance(),
                    guests.start(
                            spec.name() + "-" + spec.instance(),
                            data,
                            port,
                            Objects.requireNonNull(spec.command()),
                            variables,
                            variables.containsKey(POSTGRES) ? postgresSettings : ""));
            messages.publish(new InstanceStarted(instance(spec), "pve1", 100, "127.0.0.1"), spec.service());
            clock.execute(() -> whenListening(spec, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void whenListening(InstanceSpec spec, int port) {
        Process server = servers.get(spec.instance());
        if (server == null) {
            return;
        }
        if (!server.isAlive()) {
            messages.publish(
                    new InstanceFailed(
                            instance(spec),
                            new Failure("APP_EXITED", "It ended with " + server.exitValue()),
                            List.of()),
                    spec.service());
            return;
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            messages.publish(new InstanceBecameHealthy(instance(spec), "127.0.0.1", port, Map.of()), spec.service());
        } catch (IOException e) {
            clock.schedule(() -> whenListening(spec, port), 20, TimeUnit.MILLISECONDS);
        }
    }

    private void endOthers(InstanceSpec spec) {
        specs.values().stream()
                .filter(other -> other.service().equals(spec.service()))
                .forEach(other -> end(other.instance()));
    }

    private void serve(InstanceSpec spec) {
        endOthers(spec);
        try {
            Path data = Files.createDirectories(volume(spec.service()));
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(
                    "/usr/bin/redis-server",
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    data.toString(),
                    "--appendonly",
                    "yes",
                    "--requirepass",
                    variable(spec, "REDIS_PASSWORD")));
            command.addAll(listening(spec, Integer.toString(port)));
            servers.put(
                    spec.instance(),
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(home.resolve("redis.log").toFile())
                            .start());
            messages.publish(new InstanceStarted(instance(spec), "pve1", 100, "127.0.0.1"), spec.service());
            messages.publish(new InstanceBecameHealthy(instance(spec), "127.0.0.1", port, Map.of()), spec.service());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> listening(InstanceSpec spec, String port) throws IOException {
        if (!spec.variables().containsKey("TLS_KEY")) {
            return List.of("--port", port);
        }
        Path directory = Files.createDirectories(home.resolve("tls-" + spec.instance()));
        Path certificate = Files.writeString(directory.resolve("server.crt"), variable(spec, "TLS_CERTIFICATE"));
        Path key = Files.writeString(directory.resolve("server.key"), variable(spec, "TLS_KEY"));
        return List.of(
                "--port",
                "0",
                "--tls-port",
                port,
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String variable(InstanceSpec spec, String name) {
        return secrets.open(spec.variables().get(name), ServiceSpec.sealedFor(spec.service(), name));
    }

    /** Ends the servers of a volume without a word, as a crash would. */
    void crash(ServiceId volume) {
        specs.values().stream().filter(spec -> spec.service().equals(volume)).forEach(spec -> end(spec.instance()));
    }

    private void end(InstanceId instance) {
        Process server = servers.remove(instance);
        InstanceSpec spec = specs.get(instance);
        if (server == null || spec == null) {
            return;
        }
        guests(spec).ifPresentOrElse(guests -> guests.stop(server), () -> {
            server.destroy();
            server.onExit().join();
        });
    }

    private void remove(RemoveInstance command) {
        end(command.instance());
        InstanceSpec spec = specs.get(command.instance());
        if (spec != null) {
            messages.publish(new InstanceRemoved(instance(spec)), command.service());
        }
    }

    int running() {
        return servers.size();
    }

    static AgentEvent.Instance instance(InstanceSpec spec) {
        return new AgentEvent.Instance(
                spec.instance(), spec.service(), spec.project(), spec.deployment(), spec.generation());
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        List.copyOf(servers.keySet()).forEach(this::end);
        messages.close();
        FileSystemUtils.deleteRecursively(home);
        FileSystemUtils.deleteRecursively(archives);
    }
}
