package io.containr.bench.agent;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.contracts.MessageTypes;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.Resources;
import io.containr.local.LocalKafka;
import io.containr.local.LocalPostgres;
import io.containr.local.Ports;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.secrets.KeyFile;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.storage.StorageSpec;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** A cluster in name only, a broker, a database, and the agent between them. */
final class Rig implements AutoCloseable {

    private static final String DATABASE = "proxmox_agent";
    private static final String HASH = "%064x".formatted(7);
    private static final int SERVICES_IN_A_PROJECT = 5;
    private static final PreparedImage IMAGE = new PreparedImage(
            "registry.test/app",
            HASH,
            "sha256:" + HASH,
            1000,
            new PreparedImage.Config(
                    List.of("/bin/server"), List.of(), Map.of(), "", "/", "SIGTERM", List.of(), List.of(), null));

    private final Path root;
    private final Path home;
    private final PaperGuests guests;
    private final SimulatorServer simulator;
    private final LocalPostgres postgres;
    private final LocalKafka kafka;
    private final KafkaProducer<String, byte[]> producer;
    private final Connection database;
    private final Map<String, String> settings;
    private final int port;
    private final Ending ending;
    private final MessageCodec codec = new MessageCodec();
    private final Clock clock = Clock.systemUTC();

    Rig(Path root, Path home, int nodes, Delays delays) throws Exception {
        this.root = root;
        this.home = Files.createDirectories(home);
        this.guests = new PaperGuests();
        this.simulator = SimulatorServer.start(SimulatorConfig.in(home.resolve("simulator"))
                .withNodes(IntStream.rangeClosed(1, nodes)
                        .mapToObj(number -> new NodeSpec("pve" + number, 256L << 30, 64))
                        .toList())
                .withStorages(
                        List.of(StorageSpec.directory("local", 1L << 40), StorageSpec.thin("local-lvm", 16L << 40)))
                .withFirewall(true)
                .withDelays(delays)
                .withoutEngine(guests));
        this.postgres = LocalPostgres.start(home.resolve("postgres"), 0, true);
        postgres.createDatabase(DATABASE);
        this.kafka = LocalKafka.start(home.resolve("kafka"), 0, 0, true);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5"),
                new StringSerializer(),
                new ByteArraySerializer());
        this.database =
                DriverManager.getConnection(postgres.jdbcUrl(DATABASE), LocalPostgres.USER, postgres.password());
        this.port = Ports.free();
        this.settings = settings();
        this.ending = Ending.by(this::end);
    }

    private Map<String, String> settings() throws IOException {
        Path keys = home.resolve("keys.json");
        new KeyFile(keys).createIfMissing();
        ApiToken token = simulator.setUpPool("containr");
        Path tokenFile = Files.writeString(home.resolve("agent.token"), token.id() + "=" + token.secret());
        Map<String, String> all = new HashMap<>();
        all.put("spring.main.web-application-type", "servlet");
        all.put("server.port", Integer.toString(port));
        all.put("spring.datasource.url", postgres.jdbcUrl(DATABASE));
        all.put("spring.datasource.username", LocalPostgres.USER);
        all.put("spring.datasource.password", postgres.password());
        all.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        all.put("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", "http://127.0.0.1:1/certs");
        all.put("spring.security.oauth2.resourceserver.jwt.issuer-uri", "http://127.0.0.1:1");
        all.put("containr.secrets.key-file", keys.toString());
        all.put("containr.agent.proxmox.url", simulator.baseUri().toString());
        all.put("containr.agent.proxmox.token-file", tokenFile.toString());
        all.put("containr.agent.proxmox.fingerprint", simulator.fingerprint());
        all.put("containr.agent.guests.last-vmid", "39999");
        all.put("containr.agent.network.cidr", simulator.network().subnet());
        all.put("containr.agent.network.gateway", simulator.network().gateway());
        all.put("containr.agent.intake.bind", simulator.network().gateway());
        all.put("containr.agent.intake.port", Integer.toString(Ports.free()));
        all.put(
                "containr.agent.intake.certificate-file",
                home.resolve("intake.pem").toString());
        return all;
    }

    PaperGuests guests() {
        return guests;
    }

    AgentProcess startAgent() throws IOException {
        return AgentProcess.start(root, home, port, settings);
    }

    /** Asks for that many instances at once, five to a project. */
    void ask(int count) {
        ProjectId project = new ProjectId(Ids.next());
        for (int number = 0; number < count; number++) {
            if (number % SERVICES_IN_A_PROJECT == 0) {
                project = new ProjectId(Ids.next());
            }
            InstanceSpec spec = spec(project, "app-" + number % SERVICES_IN_A_PROJECT);
            EnsureInstance command = new EnsureInstance(spec);
            MessageMeta meta = new MessageMeta(
                    Ids.next(),
                    MessageTypes.of(EnsureInstance.class),
                    "bench",
                    clock.instant(),
                    spec.service().toString(),
                    Origin.system(Ids.next()));
            producer.send(codec.encode(meta, codec.write(command)));
        }
        producer.flush();
    }

    private InstanceSpec spec(ProjectId project, String name) {
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                new ServiceId(Ids.next()),
                project,
                new DeploymentId(Ids.next()),
                1,
                name,
                null,
                IMAGE,
                null,
                Map.of("PORT", Integer.toString(guests.port())),
                Map.of(),
                new Resources(100, 16, 64),
                guests.port(),
                null,
                Duration.ofSeconds(2),
                null,
                name,
                false,
                null);
    }

    /** Waits until that many instances are healthy; returns how long that took. */
    Duration awaitHealthy(int count, Duration patience) {
        long begin = System.nanoTime();
        Awaitility.await(count + " healthy instances")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> healthy() >= count);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    int healthy() throws SQLException {
        return number("select count(*) from instance where phase = 'HEALTHY'");
    }

    /** That have instances. */
    int nodes() throws SQLException {
        return number("select count(distinct node) from instance");
    }

    private int number(String query) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet counted = statement.executeQuery(query)) {
            counted.next();
            return counted.getInt(1);
        }
    }

    /** Another connection to the cluster, which sees every task. */
    ProxmoxConnection operator() throws Exception {
        ApiToken token = simulator.rootToken();
        return ProxmoxConnection.open(
                new ProxmoxConnection.Endpoint(
                        simulator.baseUri(),
                        simulator.fingerprint(),
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(40)),
                ProxmoxConnection.token(token.id() + "=" + token.secret()));
    }

    @Override
    public void close() throws Exception {
        ending.close();
    }

    private void end() throws Exception {
        List<AutoCloseable> parts = new ArrayList<>(List.of(producer, database, kafka, postgres, guests, simulator));
        for (AutoCloseable part : parts) {
            part.close();
        }
    }
}
