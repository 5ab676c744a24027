package io.containr.standalone;

import com.github.dockerjava.api.DockerClient;
import io.containr.local.ChildProcess;
import io.containr.local.LocalDocker;
import io.containr.local.LocalPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One installation in a folder of its own, for programs that start, kill and measure it. */
public final class Installation {

    /** Enough for making a class cache on a busy machine. */
    private static final Duration GRACE = Duration.ofMinutes(4);

    private final Home home;
    private final Layout layout;
    private final LocalDocker docker;

    private Installation(Home home, Layout layout, LocalDocker docker) {
        this.home = home;
        this.layout = layout;
        this.docker = docker;
    }

    /**
     * Makes the folder with free ports where it does not exist; starts nothing but a Docker engine where none answers.
     *
     * @param root the project's folder, where the built programs lie
     */
    public static Installation in(Path root, Path home) throws IOException, InterruptedException {
        Home made = new Home(root, home.toAbsolutePath().normalize());
        made.create();
        return new Installation(made, Layout.of(made, true), LocalDocker.ensure(made.directory("docker")));
    }

    /** Starts what does not run and returns when all of it is healthy. */
    public void up(PrintWriter out, String... options) throws InterruptedException {
        UpCommand.of(options).up(home, layout, out);
    }

    /** Stops platform and gateway; guests go on. */
    public void down() {
        stop(Programs.PLATFORM);
        stop(Programs.GATEWAY);
    }

    /** Stops everything, removes the guests and images, and ends a Docker engine of its own; the folder stays. */
    public void end() throws IOException {
        down();
        long engine = pid(ChildProcess.find("dockerd", home.directory("docker")));
        Orphans.of(home).stream()
                .filter(pid -> pid != engine)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .forEach(ProcessHandle::destroy);
        Guests.remove(docker, layout);
        try (DockerClient client = docker.client()) {
            MadeImages.remove(client, home, layout);
        }
        docker.stopOwn();
    }

    private void stop(String program) {
        new Programs(home).find(program).ifPresent(process -> process.stop(GRACE));
    }

    /** Ends everything but the gateway, guests and the engine at once, as a power cut of the control plane would. */
    public void killControlPlane() {
        List<Long> spared = List.of(
                pid(new Programs(home).find(Programs.GATEWAY)),
                pid(ChildProcess.find("dockerd", home.directory("docker"))));
        List<ProcessHandle> victims = Orphans.of(home).stream()
                .filter(pid -> !spared.contains(pid))
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .toList();
        victims.forEach(ProcessHandle::destroyForcibly);
        victims.forEach(victim -> victim.onExit().join());
    }

    private static long pid(Optional<ChildProcess> process) {
        return process.map(ChildProcess::pid).orElse(0L);
    }

    /** Ends the gateway properly; the next {@link #up} starts it again with its settings read anew. */
    public void stopGateway() {
        stop(Programs.GATEWAY);
    }

    /** Every process of the installation that lives, by the name of what it is; a Docker engine is not among them. */
    public Map<String, ProcessHandle> processes() {
        Map<String, ProcessHandle> processes = new TreeMap<>();
        Orphans.byName(home).forEach((name, id) -> {
            if (!name.equals("dockerd")) {
                ProcessHandle.of(id).ifPresent(process -> processes.put(name, process));
            }
        });
        return processes;
    }

    /** Where the gateway answers. */
    public String gateway() {
        return "http://localhost:" + layout.port("gateway");
    }

    /** Where a part answers on this machine, by its name in {@code layout.properties}. */
    public String uri(String name) {
        return layout.uri(name);
    }

    /** JDBC URL of a service's database, with user and password in it. */
    public String jdbcUrl(String service) throws IOException {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
                .formatted(
                        layout.port("postgres"),
                        service.replace('-', '_'),
                        LocalPostgres.USER,
                        LocalPostgres.password(home.directory("postgres")));
    }

    /** Ids of this installation's guests that run. */
    public List<String> guests() throws IOException {
        try (DockerClient client = docker.client()) {
            return Guests.of(client, layout).stream()
                    .map(container -> container.getId())
                    .toList();
        }
    }

    /** A client of the engine that builds and runs guests. */
    public DockerClient docker() {
        return docker.client();
    }

    /**
     * Puts the PostgreSQL of this machine's packages where a platform finds it that was started with {@code --local-postgresql}; returns
     * the version that databases ask for.
     */
    public String offerLocalPostgresql() throws IOException, InterruptedException {
        LocalEngine engine = LocalEngine.POSTGRESQL;
        try (DockerClient client = docker.client()) {
            engine.image().push(client, engine.reference(layout));
        }
        return engine.version();
    }

    /** Settings of one program beyond those that it is started with; they count from its next start on. */
    public void settings(String program, String yaml) throws IOException {
        Path directory = Files.createDirectories(home.settings());
        Files.writeString(directory.resolve(program + ".yml"), yaml);
    }

    /** The project's folder. */
    public Path root() {
        return home.root();
    }

    /** Where the installation keeps everything. */
    public Path home() {
        return home.path();
    }
}
