package io.containr.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.Topics;
import io.containr.contracts.agent.AgentEvent.Instance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.deploy.DeployEvent.DeploymentSucceeded;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.deploy.DeployEvent.RolloutStarted;
import io.containr.contracts.identity.IdentityEvent.UserLoggedIn;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ProjectUpdated;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@RunningService
class AuditLogIT {

    private static Platform platform;

    private final UserId ada = new UserId(UUID.randomUUID());
    private final UserId eve = new UserId(UUID.randomUUID());
    private final ProjectId project = new ProjectId(Ids.next());
    private final ServiceId service = new ServiceId(Ids.next());

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @BeforeAll
    static void start() {
        platform = new Platform();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void changeBecomesAnEntryAsTheContractSays() {
        UUID id = platform.tell(ada, new ProjectCreated(project, ada, "shop"), project);

        JsonNode entry = awaitEntries(ada, "", 1).getFirst();

        assertThat(entry.toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"user_id\":\"" + ada + "\",\"user_email\":\"" + Platform.email(ada)
                        + "\",\"resource\":\"project\",\"resource_id\":\"" + project
                        + "\",\"action\":\"created\",\"details\":\"{\\\"project\\\":\\\"" + project
                        + "\\\",\\\"owner\\\":\\\"" + ada
                        + "\\\",\\\"name\\\":\\\"shop\\\"}\",\"ip_address\":\"203.0.113.7\",\"user_agent\":\"curl/8\","
                        + "\"created_at\":\"2026-03-04T05:06:07.123456Z\"}");
    }

    @Test
    void eachKindOfMessageSaysWhatHappenedToWhat() {
        DeploymentId deployment = new DeploymentId(Ids.next());
        BuildId build = new BuildId(Ids.next());
        ReleaseId release = new ReleaseId(Ids.next());
        InstanceId instance = new InstanceId(Ids.next());
        platform.tell(ada, new ProjectCreated(project, ada, "shop"), project);
        platform.tell(ada, new ServiceCreated(spec()), project);
        platform.tell(new BuildFailed(build, deployment, service, project, new Failure("X", "y")), service);
        platform.tell(new RolloutStarted(deployment, service, project, release, "sha256:1"), service);
        platform.tell(new DeploymentSucceeded(deployment, service, project, release, "http://x"), service);
        platform.tell(new ReleasesRetained(service, project, Set.of("sha256:1")), service);
        platform.tell(
                new InstanceBecameHealthy(
                        new Instance(instance, service, project, deployment, 1), "10.0.0.2", 80, Map.of()),
                service);
        platform.tell(new UserLoggedIn(ada, "ada@example.com"), ada);

        assertThat(awaitEntries(ada, "", 8).stream()
                        .map(entry -> entry.path("resource").asString() + " "
                                + entry.path("resource_id").asString() + " "
                                + entry.path("action").asString()))
                .containsExactlyInAnyOrder(
                        "project " + project + " created",
                        "service " + service + " created",
                        "build " + build + " failed",
                        "deployment " + deployment + " rollout_started",
                        "deployment " + deployment + " succeeded",
                        "service " + service + " releases_retained",
                        "instance " + instance + " became_healthy",
                        "user " + ada + " logged_in");
        JsonNode login = Platform.entries(port, ada, "?resource=user").getFirst();
        assertThat(login.path("user_email").asString()).isEqualTo("ada@example.com");
        assertThat(Platform.entries(port, ada, "?resource=build").getFirst().has("user_id"))
                .isFalse();
    }

    @Test
    void whatANodeDidIsKeptThoughItIsOfNoProject() {
        UUID id = platform.tell(
                new NodeTaskEnded(
                        "pve1",
                        10_001,
                        service,
                        "vzdump",
                        "a-backup",
                        "UPID:pve1:00000B34:000283D5:6B048FBC:vzdump:10001:containr@pve!agent:",
                        "STORAGE_FULL",
                        "No space left on device",
                        Duration.ofSeconds(2)),
                "pve1");
        await().untilAsserted(() -> assertThat(jdbc.sql(
                                "select resource || ' ' || resource_id || ' ' || action || ' ' || details from audit_entry where id = :id")
                        .param("id", id)
                        .query(String.class)
                        .optional())
                .hasValueSatisfying(entry -> assertThat(entry)
                        .startsWith("node pve1 task_ended ")
                        .contains("UPID:pve1", "STORAGE_FULL", "10001")));
    }

    @Test
    void sealedValuesAreNotInTheDetails() {
        platform.tell(ada, new ServiceCreated(spec()), project);

        String details = awaitEntries(ada, "", 1).getFirst().path("details").asString();

        assertThat(details)
                .contains("\"GREETING\":\"[sealed]\"", "\"BUILD_KEY\":\"[sealed]\"", "https://git.example.com/a.git")
                .doesNotContain("ciphertext-of");
        assertThat(jdbc.sql("select count(*) from audit_entry t where t::text like '%ciphertext-of%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void entriesAreSeenByWhoDidItAndByTheOwnerAndByNobodyElse() {
        platform.tell(ada, new ProjectCreated(project, ada, "shop"), project);
        platform.tell(eve, new ProjectUpdated(project, ada, "eve was here"), project);
        awaitEntries(ada, "/project/" + project, 2);

        assertThat(Platform.entries(port, eve, ""))
                .singleElement()
                .satisfies(entry -> assertThat(entry.path("details").asString()).contains("eve was here"));
        assertThat(Platform.entries(port, new UserId(UUID.randomUUID()), "")).isEmpty();
        assertThat(Platform.entries(port, new UserId(UUID.randomUUID()), "/project/" + project))
                .isEmpty();
        assertThat(Platform.get(port, ada, "/api/v1/audit-logs?resource=%00").statusCode())
                .isEqualTo(400);
    }

    @Test
    void ownerSeesWhatHappenedBeforeTheProjectWasHeardOfAndAfterItWasDeleted() {
        platform.tell(new ReleasesRetained(service, project, Set.of("sha256:early")), service);
        awaitRecorded(1);
        assertThat(Platform.entries(port, ada, "")).isEmpty();

        platform.tell(new ProjectDeleted(project, ada), project);
        platform.tell(new ReleasesRetained(service, project, Set.of()), service);

        assertThat(awaitEntries(ada, "", 3).stream()
                        .map(entry -> entry.path("action").asString()))
                .containsExactlyInAnyOrder("releases_retained", "deleted", "releases_retained");
    }

    @Test
    void whatWasBeforeTheOwnerWasKnownTakesItsPlaceBetweenTheOwnersOtherEntries() {
        ProjectId known = new ProjectId(Ids.next());
        UUID first = platform.tell(ada, new ProjectCreated(known, ada, "p0"), known);
        awaitEntries(ada, "", 1);
        UUID early = platform.tell(new ReleasesRetained(service, project, Set.of("sha256:early")), service);
        awaitRecorded(1);
        UUID second = platform.tell(ada, new ProjectUpdated(known, ada, "p1"), known);
        awaitEntries(ada, "", 2);
        UUID earlyToo = platform.tell(new ReleasesRetained(service, project, Set.of()), service);
        awaitRecorded(2);
        UUID third = platform.tell(ada, new ProjectUpdated(known, ada, "p2"), known);
        awaitEntries(ada, "", 3);

        UUID told = platform.tell(new ProjectDeleted(project, ada), project);
        awaitEntries(ada, "", 6);

        assertThat(IntStream.rangeClosed(1, 6)
                        .mapToObj(page -> Platform.entries(port, ada, "?limit=1&page=" + page))
                        .map(List::getFirst)
                        .map(entry -> entry.path("id").asString()))
                .containsExactly(Stream.of(told, third, earlyToo, second, early, first)
                        .map(UUID::toString)
                        .toArray(String[]::new));
    }

    private void awaitRecorded(int entries) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql("select count(*) from audit_entry where project_id = :project")
                                .param("project", project.value())
                                .query(Long.class)
                                .single()
                        == entries);
    }

    @Test
    void listIsPagedNewestFirstAndFiltered() {
        platform.tell(ada, new ProjectCreated(project, ada, "p0"), project);
        IntStream.rangeClosed(1, 6)
                .forEach(i -> platform.tell(ada, new ProjectUpdated(project, ada, "p" + i), project));
        awaitEntries(ada, "", 7);

        assertThat(names(Platform.entries(port, ada, "?limit=3"))).containsExactly("p6", "p5", "p4");
        assertThat(names(Platform.entries(port, ada, "?limit=3&page=3"))).containsExactly("p0");
        assertThat(Platform.entries(port, ada, "?limit=3&page=4")).isEmpty();
        assertThat(names(Platform.entries(port, ada, "?action=created"))).containsExactly("p0");
        assertThat(names(Platform.entries(port, ada, "?resource=project&action=updated&limit=1")))
                .containsExactly("p6");
        assertThat(Platform.entries(port, ada, "?resource=service")).isEmpty();
        assertThat(names(Platform.entries(port, ada, "/project/" + project + "?limit=2&page=2")))
                .containsExactly("p4", "p3");
        assertThat(Platform.get(port, ada, "/api/v1/audit-logs?limit=101").statusCode())
                .isEqualTo(400);
    }

    @Test
    void repeatedMessageIsOneEntry() {
        UUID repeated = Ids.next();
        ProjectCreated event = new ProjectCreated(project, ada, "once");
        IntStream.range(0, 3).forEach(i -> platform.tell(repeated, ada, event, project));
        platform.tell(ada, new ProjectUpdated(project, ada, "after"), project);

        assertThat(names(awaitEntries(ada, "", 2))).containsExactly("after", "once");
        assertThat(jdbc.sql("select count(*) from audit_entry where id = :id")
                        .param("id", repeated)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void messageOfATypeThisVersionDoesNotKnowIsAnEntryToo() {
        UUID id = Ids.next();
        String database = Ids.next().toString();
        String data = "{\"database\":{\"id\":\"" + database + "\"},\"project\":\"" + project
                + "\",\"rootPassword\":\"hunter2\",\"environment\":{\"A\":\"hunter2\"},\"size\":3}";
        platform.tellRaw(unknown(id, "containr.database.database-restored", data));

        JsonNode entry = awaitEntries(ada, "", 1).getFirst();

        assertThat(entry.path("id").asString()).isEqualTo(id.toString());
        assertThat(entry.path("resource").asString()).isEqualTo("database");
        assertThat(entry.path("resource_id").asString()).isEqualTo(database);
        assertThat(entry.path("action").asString()).isEqualTo("restored");
        assertThat(entry.path("details").asString()).contains("\"size\":3").doesNotContain("hunter2");
    }

    @Test
    void messageThatCannotBecomeAnEntryKeepsNoOther() {
        platform.tellRaw(new ProducerRecord<>(
                Topics.PROJECT_EVENTS, project.toString(), "garbage".getBytes(StandardCharsets.UTF_8)));
        platform.tellRaw(unknown(Ids.next(), "containr.database.created", "[1,2"));
        ProducerRecord<String, byte[]> broken =
                platform.encoded(Ids.next(), ada, new ProjectCreated(project, ada, "x"), project);
        platform.tellRaw(new ProducerRecord<>(
                broken.topic(),
                null,
                broken.key(),
                "{\"project\":5}".getBytes(StandardCharsets.UTF_8),
                broken.headers()));
        ProducerRecord<String, byte[]> unstorable =
                platform.encoded(Ids.next(), ada, new ProjectCreated(project, ada, "x"), project);
        unstorable.headers().remove("ce_useragent").add("ce_useragent", "nul\0".getBytes(StandardCharsets.UTF_8));
        platform.tellRaw(unstorable);
        platform.tell(ada, new ProjectUpdated(project, ada, "fine"), project);

        assertThat(names(awaitEntries(ada, "", 1))).containsExactly("fine");
    }

    private ServiceSpec spec() {
        return new ServiceSpec(
                service,
                1,
                project,
                ada,
                "web",
                "shop",
                ServiceKind.WEB,
                new ServiceSource(ServiceSource.Type.GIT, "https://git.example.com/a.git", null, null, null, null),
                new BuildSettings(null, null, null, Map.of("BUILD_KEY", new Sealed("ciphertext-of-build-key"))),
                Resources.DEFAULT,
                HealthCheck.DEFAULT,
                Map.of("GREETING", new Sealed("ciphertext-of-greeting")),
                ServiceSpec.Wanted.RUNNING,
                0,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private ProducerRecord<String, byte[]> unknown(UUID id, String type, String data) {
        ProducerRecord<String, byte[]> message =
                platform.encoded(id, ada, new ProjectCreated(project, ada, "x"), project);
        ProducerRecord<String, byte[]> changed = new ProducerRecord<>(
                Topics.DATABASE_EVENTS,
                null,
                project.toString(),
                data.getBytes(StandardCharsets.UTF_8),
                message.headers());
        changed.headers().remove("ce_type").add("ce_type", type.getBytes(StandardCharsets.UTF_8));
        changed.headers()
                .remove("ce_dataschema")
                .add("ce_dataschema", "urn:containr:unheard-of:9".getBytes(StandardCharsets.UTF_8));
        return changed;
    }

    private List<JsonNode> awaitEntries(UserId user, String query, int count) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Platform.entries(port, user, query), entries -> entries.size() >= count);
    }

    private static List<String> names(List<JsonNode> entries) {
        return entries.stream()
                .map(entry -> entry.path("details").asString())
                .map(details -> details.replaceAll(".*\"name\":\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
