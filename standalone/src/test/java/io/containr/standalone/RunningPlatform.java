package io.containr.standalone;

import com.github.dockerjava.api.DockerClient;
import io.containr.local.ChildProcess;
import io.containr.local.LocalDocker;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.BaseImage;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One standalone installation for all end-to-end tests of a run, on free ports, in a folder of its own. */
final class RunningPlatform {

    private static @Nullable RunningPlatform instance;

    private final Home home;
    private final Layout layout;
    private final String baseImage;
    private final LocalDocker docker;
    private final List<SampleRepository> repositories = new ArrayList<>();

    private RunningPlatform(Home home, Layout layout, LocalDocker docker, String baseImage) {
        this.home = home;
        this.layout = layout;
        this.docker = docker;
        this.baseImage = baseImage;
    }

    static synchronized RunningPlatform get() {
        if (instance == null) {
            try {
                instance = start();
            } catch (Exception e) {
                throw new IllegalStateException("the platform does not start", e);
            }
        }
        return instance;
    }

    private static RunningPlatform start() throws Exception {
        Browser.allowHostHeader();
        Path root = Path.of("..").toAbsolutePath().normalize();
        Home home = new Home(root, Files.createTempDirectory("containr-e2e-"));
        home.create();
        LocalDocker docker = LocalDocker.ensure(home.directory("docker"));
        try (DockerClient client = docker.client()) {
            RunningPlatform platform = new RunningPlatform(home, Layout.of(home, true), docker, BaseImage.make(client));
            Runtime.getRuntime().addShutdownHook(new Thread(platform::stop));
            platform.up();
            return platform;
        }
    }

    /** Starts what does not run. */
    void up() throws InterruptedException {
        UpCommand up = new UpCommand();
        up.allowPrivateGit("127.0.0.1");
        up.up(home, layout, new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    }

    /** Ends everything but the gateway, guests and the engine at once, as a power cut of the control plane would. */
    void killControlPlane() {
        for (long pid : Orphans.of(home)) {
            boolean spared = new Programs(home)
                            .find(Programs.GATEWAY)
                            .map(ChildProcess::pid)
                            .filter(gateway -> gateway == pid)
                            .isPresent()
                    || ChildProcess.find("dockerd", home.directory("docker"))
                            .filter(engine -> engine.pid() == pid)
                            .isPresent();
            if (!spared) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        Awaitility.await()
                .until(() -> new Programs(home).find(Programs.PLATFORM).isEmpty());
    }

    String gateway() {
        return "http://localhost:" + layout.port("gateway");
    }

    /** A client logged in as a user of its own. */
    ApiClient user(String name) throws IOException, InterruptedException {
        ApiClient api = new ApiClient(gateway());
        api.loginOrRegister(name + "@example.com", "correct-horse-battery", name);
        return api;
    }

    /** A repository with these files beside the sample application's. */
    SampleRepository repository(Map<String, String> files) throws Exception {
        Path directory = Files.createTempDirectory("containr-e2e-git-");
        SampleRepository repository =
                SampleRepository.serve(home.root().resolve("examples/hello"), directory.resolve("repository"), 0);
        for (Map.Entry<String, String> file : files.entrySet()) {
            repository.change(file.getKey(), file.getValue(), "Change " + file.getKey());
        }
        repositories.add(repository);
        return repository;
    }

    /** A project and a web service built from that repository; returns the service's id. */
    String service(ApiClient api, String name, SampleRepository repository, @Nullable String healthPath)
            throws IOException, InterruptedException {
        String project = api.post("/projects", Map.of("name", name)).path("id").asString();
        Map<String, Object> build = new java.util.LinkedHashMap<>(
                Map.of("builder_type", "dockerfile", "environment_variables", Map.of("BASE", baseImage)));
        if (healthPath != null) {
            build.put("health_check_path", healthPath);
            build.put("health_check_timeout", 15);
        }
        return api.post(
                        "/projects/" + project + "/services",
                        Map.of(
                                "name",
                                name,
                                "type",
                                "web",
                                "source",
                                Map.of("type", "git", "repository", repository.url(), "branch", "main"),
                                "build_config",
                                build,
                                "resources",
                                Map.of("cpu", "0.5", "memory", "64Mi")))
                .path("id")
                .asString();
    }

    /** Starts a deployment; returns its id. */
    String deploy(ApiClient api, String service) throws IOException, InterruptedException {
        return api.post("/services/" + service + "/deployments", Map.of())
                .path("id")
                .asString();
    }

    /** Waits until the deployment has ended, and returns it. */
    JsonNode ended(ApiClient api, String deployment) {
        return await(api, deployment, Duration.ofSeconds(90), "deployed", "failed", "cancelled", "superseded");
    }

    /** Waits for one of these states. */
    JsonNode await(ApiClient api, String deployment, Duration patience, String... states) {
        return Awaitility.await("deployment " + deployment)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(
                        () -> api.get("/deployments/" + deployment).path("deployment"),
                        now -> List.of(states).contains(now.path("status").asString()));
    }

    /** Names of this installation's guests that run. */
    List<String> guests() throws IOException {
        try (DockerClient client = docker.client()) {
            return Guests.of(client, layout).stream()
                    .map(container -> container.getId())
                    .toList();
        }
    }

    private void stop() {
        for (String program : List.of(Programs.PLATFORM, Programs.GATEWAY)) {
            new Programs(home).find(program).ifPresent(process -> process.stop(Duration.ofSeconds(30)));
        }
        Orphans.of(home).stream().flatMap(pid -> ProcessHandle.of(pid).stream()).forEach(ProcessHandle::destroy);
        try {
            Guests.remove(docker, layout);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        docker.stopOwn();
    }
}
