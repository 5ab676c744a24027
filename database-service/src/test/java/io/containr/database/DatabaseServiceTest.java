package io.containr.database;

import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.Api;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import io.containr.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;

/** What the tests of the whole service share: one running service, one user, one world around it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=database-service",
            "containr.services.project.uri=http://127.0.0.1:1",
            "containr.database.sweep=1s",
            "containr.database.wal.interval=1s",
            "containr.database.wal.directory=target/wal-${random.uuid}",
            "containr.database.databases-per-owner=4",
            "containr.database.backups.look=200ms",
            "containr.database.backups.retention=2",
            "containr.database.backups.archives=target/archives-${random.uuid}/{node}-{storage}",
            "containr.database.backups.archive-retry=200ms",
            "containr.database.metrics.fresh-for=2s",
            "containr.database.patience.start=5s",
            "containr.database.patience.ready=20ms",
            "containr.database.patience.check=200ms",
            "containr.database.patience.ill=100ms",
            "containr.database.patience.retry=300ms"
        })
@ContextConfiguration(initializers = TestEnvironment.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseServiceTest {

    static final String DATABASES = "/databases";

    @Autowired
    SecretBox secrets;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DatabaseProperties properties;

    @LocalServerPort
    int port;

    World world;
    TestMessages messages;
    UserId owner;
    Api api;

    @BeforeAll
    void openWorld() {
        world = new World(secrets, properties.backups().archives());
        messages = world.messages;
        messages.awaitCaughtUp("database-service/main");
    }

    @AfterAll
    void closeWorld() throws IOException {
        world.close();
    }

    @BeforeEach
    void newOwner() {
        owner = new UserId(Ids.next());
        api = as(owner);
    }

    Api as(UserId user) {
        return new Api(port, TestTokens.bearer(user, "ada@example.com"));
    }

    /** Asks for a database; returns its id. */
    String create(String name, String type) {
        return api.post(DATABASES, body(name, type)).expect(201).text("/id");
    }

    static String body(String name, String type) {
        return "{\"name\":\"%s\",\"type\":\"%s\",\"plan\":\"hobby\",\"region\":\"eu\"}".formatted(name, type);
    }

    Api.Answer awaitStatus(String id, String status) {
        return await(id + " is " + status)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> api.get(DATABASES + "/" + id),
                        answer -> answer.text("/status").equals(status));
    }

    void act(String id, String action) {
        api.post(DATABASES + "/" + id + "/action", "{\"action\":\"" + action + "\"}")
                .expect(200);
    }

    /** The database answers by what its owner is shown. */
    Jedis connect(String id) {
        return connect(id, api.get(DATABASES + "/" + id).text("/connection_url"));
    }

    /** By that URL, known by the certificate that its owner is shown. */
    Jedis connect(String id, String url) {
        String authority = api.get(DATABASES + "/" + id).text("/ca_certificate");
        return new Jedis(
                URI.create(url),
                DefaultJedisClientConfig.builder()
                        .sslSocketFactory(
                                SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(authority)))
                                        .createSslContext()
                                        .getSocketFactory())
                        .build());
    }

    /** Every instance that was asked for, of the database that is called so. */
    List<InstanceSpec> instancesNamed(String name) {
        return messages.all(EnsureInstance.class).stream()
                .map(EnsureInstance::spec)
                .filter(spec -> spec.name().startsWith(name + "-"))
                .toList();
    }
}
