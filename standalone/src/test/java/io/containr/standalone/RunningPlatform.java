package io.containr.standalone;

import com.github.dockerjava.api.DockerClient;
import io.containr.local.LocalRegistry;
import io.containr.proxmox.ProxmoxCommand;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.BaseImage;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.EngineImage;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** A standalone installation on free ports, in a folder of its own; one for all end-to-end tests of a run that need no other. */
final class RunningPlatform {

    private static @Nullable RunningPlatform instance;

    private final Installation installation;
    private final LocalRegistry registry;
    private final String baseImage;
    private final List<String> options;
    private final List<SampleRepository> repositories = new ArrayList<>();

    private RunningPlatform(Installation installation, LocalRegistry registry, String baseImage, List<String> options) {
        this.installation = installation;
        this.registry = registry;
        this.baseImage = baseImage;
        this.options = options;
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
        Installation installation = installation();
        // What nobody needs any more goes within a test's patience.
        installation.settings(
                "proxmox-agent", "containr.agent.watch: {image-grace: 1s, cleanup-interval: 5s, usage: 3s}\n");
        String engines = installation.uri("registry").replace("http://", "");
        installation.settings("database-service", TestEngines.settings(engines));
        RunningPlatform platform = start(installation);
        Runtime.getRuntime().addShutdownHook(new Thread(platform::stop));
        return platform;
    }

    /** An installation that does not run yet. */
    static Installation installation() throws IOException, InterruptedException {
        Browser.allowHostHeader();
        return Installation.in(Path.of("..").toAbsolutePath().normalize(), Files.createTempDirectory("containr-e2e-"));
    }

    /** Starts an installation; whoever calls stops it. */
    static RunningPlatform start(Installation installation, String... options) throws Exception {
        try (DockerClient client = installation.docker()) {
            LocalRegistry registry = LocalRegistry.start(Files.createTempDirectory("containr-e2e-registry-"), 0);
            RunningPlatform platform =
                    new RunningPlatform(installation, registry, BaseImage.make(client), List.of(options));
            try {
                platform.up();
            } catch (InterruptedException | RuntimeException e) {
                platform.stop();
                throw e;
            }
            return platform;
        }
    }

    /** Starts what does not run. */
    void up() throws InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("--allow-private-git", "127.0.0.1", "--allow-private-registry", registry.address()));
        all.addAll(options);
        installation.up(new PrintWriter(System.out, true, StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    /** Ends everything but the gateway, guests and the engine at once, as a power cut of the control plane would. */
    void killControlPlane() {
        installation.killControlPlane();
    }

    String gateway() {
        return installation.gateway();
    }

    /** What Dockerfiles of repositories start from, given as {@code BASE}. */
    String baseImage() {
        return baseImage;
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
        SampleRepository repository = SampleRepository.serve(
                installation.root().resolve("examples/hello"), directory.resolve("repository"), 0);
        for (Map.Entry<String, String> file : files.entrySet()) {
            repository.change(file.getKey(), file.getValue(), "Change " + file.getKey());
        }
        repositories.add(repository);
        return repository;
    }

    /** A project and a web service built from that repository; returns the service's id. */
    String service(ApiClient api, String name, SampleRepository repository, @Nullable String healthPath)
            throws IOException, InterruptedException {
        return service(
                api,
                name,
                Map.of("type", "git", "repository", repository.url(), "branch", "main"),
                healthPath == null ? Map.of() : Map.of("health_check_path", healthPath, "health_check_timeout", 15));
    }

    /** A project and a web service of that source; returns the service's id. */
    String service(ApiClient api, String name, Map<String, Object> source, Map<String, Object> buildConfig)
            throws IOException, InterruptedException {
        String project = api.post("/projects", Map.of("name", name)).path("id").asString();
        Map<String, Object> build = new LinkedHashMap<>(buildConfig);
        if (source.get("type").equals("git")) {
            build.put("builder_type", "dockerfile");
            build.put("environment_variables", Map.of("BASE", baseImage));
        } else {
            build.put("builder_type", "image");
        }
        return api.post(
                        "/projects/" + project + "/services",
                        Map.of(
                                "name", name,
                                "type", "web",
                                "source", source,
                                "build_config", build,
                                "resources", Map.of("cpu", "0.5", "memory", "64Mi")))
                .path("id")
                .asString();
    }

    /** Builds an image of the repository's files with the engine and puts it into a registry of the user's own. */
    String image(SampleRepository repository, String tag) throws IOException, InterruptedException {
        String reference = registry.address() + "/e2e:" + tag;
        try (DockerClient client = installation.docker()) {
            client.buildImageCmd(repository.directory().toFile())
                    .withBuildArg("BASE", baseImage)
                    .withTags(Set.of(reference))
                    .start()
                    .awaitImageId(60, TimeUnit.SECONDS);
            client.pushImageCmd(reference).start().awaitCompletion(60, TimeUnit.SECONDS);
            client.removeImageCmd(reference).withForce(true).exec();
        }
        return reference;
    }

    /** Host and port of the registry that users push their images to. */
    String usersRegistry() {
        return registry.address();
    }

    /** Puts an engine's image where database-service looks for it. */
    void engine(EngineImage engine) throws IOException, InterruptedException {
        try (DockerClient client = installation.docker()) {
            engine.push(client, TestEngines.references(registry()).get(engine));
        }
    }

    /** Host and port of the installation's own registry. */
    String registry() {
        return installation.uri("registry").replace("http://", "");
    }

    /** What one value of a service's database is. */
    String value(String service, String sql, Object... parameters) throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection(installation.jdbcUrl(service));
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
            }
        }
    }

    /** Where the archive lies that the simulated cluster names so. */
    Path archive(String volume) throws IOException {
        String name = volume.substring(volume.lastIndexOf('/') + 1);
        try (Stream<Path> files = Files.walk(installation.home().resolve("simulator/storage"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** What an operator types after {@code ./containr proxmox}; returns how it ended. */
    int proxmox(String command, String... arguments) {
        return new CommandLine(new ProxmoxCommand())
                .execute(Stream.concat(
                                Stream.of(
                                        command,
                                        "--agent",
                                        installation.uri("proxmox-agent"),
                                        "--operator-token-file",
                                        installation
                                                .home()
                                                .resolve("secrets/operator.token")
                                                .toString()),
                                Stream.of(arguments))
                        .toArray(String[]::new));
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

    /** Ids of this installation's guests that run. */
    List<String> guests() throws IOException {
        return installation.guests();
    }

    void stop() {
        try {
            installation.end();
            registry.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
