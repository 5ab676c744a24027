package io.containr.bench;

import com.github.dockerjava.api.DockerClient;
import io.containr.local.LocalRegistry;
import io.containr.standalone.Installation;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.BaseImage;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.eclipse.jgit.util.FileUtils;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The installation that is measured, and what every scenario does with it. */
final class World implements AutoCloseable {

    static final String PAGE = "www/index.html";
    private static final Set<String> ENDED = Set.of("deployed", "failed", "cancelled", "superseded");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Installation installation;
    private final LocalRegistry registry;
    private final List<Path> temporary;
    private final String baseImage;
    private final Size size;
    private final PrintWriter out;
    private final Browser browser = new Browser();
    private final AtomicInteger names = new AtomicInteger();
    private boolean ended;

    /**
     * How much is measured.
     *
     * @param repetitions of each deployment
     * @param guests that the agent looks after at first
     */
    record Size(int repetitions, int guests) {}

    private World(
            Installation installation,
            LocalRegistry registry,
            List<Path> temporary,
            String baseImage,
            Size size,
            PrintWriter out) {
        this.installation = installation;
        this.registry = registry;
        this.temporary = temporary;
        this.baseImage = baseImage;
        this.size = size;
        this.out = out;
    }

    /**
     * Ready to be brought {@link #up}.
     *
     * @param home null: a folder that goes at the end
     */
    static World open(Path root, @Nullable Path home, Size size, PrintWriter out) throws Exception {
        Path directory = home == null ? Files.createTempDirectory("containr-bench-") : home;
        // A registry such as users have, which is none of the platform's processes.
        Path images = Files.createTempDirectory("containr-bench-registry-");
        List<Path> temporary = home == null ? List.of(images, directory) : List.of(images);
        Installation installation = Installation.in(root, directory);
        String base;
        try (DockerClient docker = installation.docker()) {
            base = BaseImage.make(docker);
        }
        installation.settings("project-service", "containr.project.projects-per-owner: 100000\n");
        World world = new World(installation, LocalRegistry.start(images, 0), temporary, base, size, out);
        // What was left half done by Ctrl+C is cleaned up as well.
        Runtime.getRuntime().addShutdownHook(new Thread(world::end));
        return world;
    }

    /** Starts what does not run. */
    void up(String... options) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--allow-private-git", "127.0.0.1", "--allow-private-registry", registry.address()));
        installation.up(out, all.toArray(String[]::new));
    }

    Installation installation() {
        return installation;
    }

    String baseImage() {
        return baseImage;
    }

    int repetitions() {
        return size.repetitions();
    }

    int guests() {
        return size.guests();
    }

    /** Says what goes on. */
    void say(String text) {
        out.println("  " + text);
    }

    /** The user of all scenarios, logged in anew. */
    ApiClient user() throws IOException, InterruptedException {
        ApiClient api = new ApiClient(installation.gateway());
        api.loginOrRegister("bench@example.com", "correct-horse-battery", "Bench");
        return api;
    }

    /** The sample application's repository, with these files changed. */
    SampleRepository repository(Map<String, String> files) throws Exception {
        Path directory = Files.createTempDirectory(installation.home(), "repository-");
        SampleRepository repository =
                SampleRepository.serve(installation.root().resolve("examples/hello"), directory.resolve("git"), 0);
        for (Map.Entry<String, String> file : files.entrySet()) {
            repository.change(file.getKey(), file.getValue(), "Change " + file.getKey());
        }
        return repository;
    }

    /** A web service of that repository in a project of its own; returns its id. */
    String service(ApiClient api, SampleRepository repository) throws IOException, InterruptedException {
        Map<String, Object> build = new HashMap<>(Map.of(
                "builder_type",
                "dockerfile",
                "environment_variables",
                Map.of("BASE", baseImage),
                "health_check_path",
                "/healthz",
                "health_check_timeout",
                20));
        return service(api, Map.of("type", "git", "repository", repository.url(), "branch", "main"), build);
    }

    /** A web service of this image in a project of its own; returns its id. */
    String service(ApiClient api, Map<String, Object> source, Map<String, Object> build)
            throws IOException, InterruptedException {
        String name = "bench-" + names.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
        String project = api.post("/projects", Map.of("name", name)).path("id").asString();
        return api.post(
                        "/projects/" + project + "/services",
                        Map.of(
                                "name",
                                "app",
                                "type",
                                "web",
                                "source",
                                source,
                                "build_config",
                                build,
                                "resources",
                                Map.of("cpu", "0.5", "memory", "64Mi")))
                .path("id")
                .asString();
    }

    /** Asks for a deployment; returns its id. */
    String deploy(ApiClient api, String service) throws IOException, InterruptedException {
        return api.post("/services/" + service + "/deployments", Map.of())
                .path("id")
                .asString();
    }

    /** Where the application of a deployment will answer. */
    String url(ApiClient api, String deployment) throws IOException, InterruptedException {
        JsonNode shown = api.get("/deployments/" + deployment).path("deployment");
        String service = shown.path("service_id").asString();
        return within(PATIENCE, Duration.ofMillis(10))
                .until(() -> api.get("/services/" + service).path("url").asString(""), url -> !url.isEmpty());
    }

    /** Builds the repository's files with the engine and pushes the image to the user's own registry. */
    String push(SampleRepository repository, String tag) throws IOException, InterruptedException {
        String reference = registry.address() + "/bench:" + tag;
        Yardstick.docker(
                false,
                "build",
                "--quiet",
                "--tag",
                reference,
                "--build-arg",
                "BASE=" + baseImage,
                repository.directory().toString());
        Yardstick.docker(false, "push", "--quiet", reference);
        Yardstick.docker(false, "rmi", "--force", reference);
        return reference;
    }

    /** Stops the platform, the gateway with it, and starts it with these options. */
    void restart(String... options) throws InterruptedException {
        installation.down();
        up(options);
    }

    /** Removes what {@code up --class-cache} left for later starts of this build, while nothing runs. */
    void forgetClasses() throws IOException {
        for (String module : List.of("standalone", "gateway")) {
            FileUtils.delete(
                    installation.root().resolve(module + "/target/class-cache").toFile(),
                    FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
        }
    }

    /** Starts the gateway anew with these settings beside its usual ones. */
    void gateway(String yaml) throws IOException, InterruptedException {
        installation.settings("gateway", yaml);
        installation.stopGateway();
        up();
    }

    /** Waits until no more than so many guests run. */
    void awaitGuests(int count) {
        within(PATIENCE, Duration.ofMillis(200))
                .until(() -> installation.guests().size() <= count);
    }

    /** Whether a deployment of that status goes on no more. */
    static boolean hasEnded(String status) {
        return ENDED.contains(status);
    }

    /** Waits until it is deployed, and returns it. */
    JsonNode deployed(ApiClient api, String deployment) throws IOException {
        JsonNode ended = within(PATIENCE, Duration.ofMillis(50))
                .until(
                        () -> api.get("/deployments/" + deployment).path("deployment"),
                        now -> hasEnded(now.path("status").asString()));
        if (!ended.path("status").asString().equals("deployed")) {
            throw new IOException("deployment ended " + ended);
        }
        return ended;
    }

    /** Asks for the page until it says what is expected. */
    void awaitPage(String url, String expected) {
        within(PATIENCE, Duration.ofMillis(10))
                // Nobody listens yet; the engine's own proxy then takes connections and resets them.
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> browser.get(url),
                        answer -> answer.statusCode() == 200 && answer.body().contains(expected));
    }

    /** Looks at once, and again each time the pause is over. */
    static ConditionFactory within(Duration patience, Duration pause) {
        return Awaitility.await().atMost(patience).pollDelay(Duration.ZERO).pollInterval(pause);
    }

    @Override
    public void close() {
        end();
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            installation.end();
            registry.close();
            for (Path directory : temporary) {
                FileUtils.delete(directory.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.RETRY);
            }
        } catch (IOException e) {
            out.println("could not clean up: " + e);
        }
    }
}
