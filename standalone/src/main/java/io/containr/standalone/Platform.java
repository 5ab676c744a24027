package io.containr.standalone;

import io.containr.local.KeycloakDistribution;
import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalDocker;
import io.containr.local.LocalKafka;
import io.containr.local.LocalKeycloak;
import io.containr.local.LocalPostgres;
import io.containr.local.LocalRegistry;
import io.containr.runtime.secrets.KeyFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Infrastructure and services of one machine, started side by side as far as they do not need each other. */
final class Platform implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Platform.class);

    private final Home home;
    private final Layout layout;
    private final Progress progress;
    private final PlatformOptions options;
    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean closed;

    Platform(Home home, Layout layout, Progress progress, PlatformOptions options) {
        this.home = home;
        this.layout = layout;
        this.progress = progress;
        this.options = options;
    }

    void start() throws Exception {
        new KeyFile(home.keyFile()).createIfMissing();
        KeycloakSecrets identitySecrets =
                KeycloakSecrets.loadOrCreate(home.directory("secrets").resolve("keycloak.properties"));
        try (ExecutorService starter = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-", 0).factory())) {
            Future<KeycloakDistribution> distribution = starter.submit(() -> KeycloakDistribution.prepare(
                    KeycloakDistribution.archive(),
                    home.root().resolve("target").resolve("keycloak")));
            Future<LocalPostgres> postgres = starter.submit(() -> started(
                    "PostgreSQL",
                    () -> LocalPostgres.start(home.directory("postgres"), layout.port("postgres"), true)));
            Future<LocalKafka> kafka = starter.submit(() -> started(
                    "Kafka",
                    () -> LocalKafka.start(
                            home.directory("kafka"), layout.port("kafka"), layout.port("kafka-controller"), true)));
            Future<LocalRegistry> registry = starter.submit(() -> started(
                    "OCI registry", () -> LocalRegistry.start(home.directory("registry"), layout.port("registry"))));
            AgentFile agentFile = AgentFile.of(home);
            Future<LocalDocker> docker = starter.submit(() -> LocalDocker.ensure(home.directory("docker")));
            Future<@Nullable Simulation> simulation = starter.submit(
                    () -> agentFile.namesCluster() ? null : started("simulated Proxmox VE", () -> simulation(docker)));
            LocalPostgres database = result(postgres);
            Future<LocalKeycloak> keycloak = starter.submit(
                    () -> started("Keycloak", () -> keycloak(result(distribution), database, identitySecrets)));
            for (Service service : Service.ALL) {
                database.createDatabase(service.database());
            }
            result(kafka);
            result(registry);
            ServiceSettings settings = new ServiceSettings(
                    home,
                    layout,
                    database,
                    result(docker).host(),
                    agentFile,
                    result(simulation),
                    options,
                    identitySecrets);
            List<Future<RunningService>> services = Service.ALL.stream()
                    .map(service -> starter.submit(() -> started(service.name(), () -> start(service, settings))))
                    .toList();
            result(keycloak);
            for (Future<RunningService> service : services) {
                result(service);
            }
        }
    }

    private RunningService start(Service service, ServiceSettings settings) throws Exception {
        ServiceProcess.endOrphan(home, service);
        return options.processes()
                ? ServiceProcess.start(home, layout, service, settings.of(service), options.classCache())
                : ServiceContext.start(service, settings.of(service));
    }

    private Simulation simulation(Future<LocalDocker> docker) throws Exception {
        return Simulation.start(home, layout, result(docker), options.realisticDelays());
    }

    private LocalKeycloak keycloak(
            KeycloakDistribution distribution, LocalPostgres postgres, KeycloakSecrets identitySecrets)
            throws Exception {
        postgres.createDatabase("keycloak");
        LocalKeycloak.Database database =
                new LocalKeycloak.Database(postgres.jdbcUrl("keycloak"), LocalPostgres.USER, postgres.password());
        return LocalKeycloak.start(
                distribution, home.directory("keycloak"), layout.port("keycloak"), database, identitySecrets);
    }

    /** Starts a part, remembers to stop it, and says how long it took. */
    private <T extends AutoCloseable> T started(String name, Callable<T> start) throws Exception {
        long begin = System.nanoTime();
        T part = start.call();
        synchronized (parts) {
            parts.push(new Part(name, part));
        }
        progress.step(String.format(Locale.ROOT, "%-22s %5.1f s", name, (System.nanoTime() - begin) / 1e9));
        return part;
    }

    private static <T extends @Nullable Object> T result(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Stops everything in the reverse order of its start; what does not stop is named and left. */
    @Override
    public void close() {
        synchronized (parts) {
            if (closed) {
                return;
            }
            closed = true;
            RunningService.closeAll(parts.stream()
                    .map(Part::closeable)
                    .filter(RunningService.class::isInstance)
                    .map(RunningService.class::cast)
                    .toList());
            parts.stream()
                    .filter(part -> !(part.closeable() instanceof RunningService))
                    .forEach(part -> {
                        try {
                            part.closeable().close();
                        } catch (Exception e) {
                            log.warn("{} does not stop", part.name(), e);
                        }
                    });
        }
    }

    private record Part(String name, AutoCloseable closeable) {}
}
