package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Sealed;
import io.containr.contracts.deploy.DeployEvent.ServiceStateChanged;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@RunningService
class ServicesIT {

    private static final String SERVICES = "/api/v1/services/";
    private static final String FULL = """
            {"name":"Web app","type":"web",
             "source":{"type":"git","repository":"https://git.example.com/team/app.git","branch":"main",
                       "root_directory":"apps/web","dockerfile":"docker/Dockerfile"},
             "build_config":{"builder_type":"dockerfile","build_command":"make","start_command":"./run --fast",
                             "environment_variables":{"GREETING":"hello ✓","EMPTY":""},
                             "health_check_path":"/healthz?full=1","health_check_timeout":30},
             "resources":{"cpu":"250m","memory":"1Gi","storage":"3000MB"}}""";

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private SecretBox box;

    private Api ada;
    private String project;

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newProject() {
        ada = Api.newUser(port);
        project = ada.newProject("shop");
    }

    @Test
    void createdServiceIsShownAsTheContractSays() {
        Api.Answer answer = ada.post(in(project), FULL).expect(201);

        JsonNode service = answer.json();
        assertThat(service.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "project_id",
                        "name",
                        "type",
                        "status",
                        "source",
                        "build_config",
                        "resources",
                        "created_at",
                        "updated_at");
        assertThat(answer.text("status")).isEqualTo("stopped");
        assertThat(answer.text("type")).isEqualTo("web");
        assertThat(answer.text("project_id")).isEqualTo(project);
        assertThat(service.path("source").path("root_directory").asString()).isEqualTo("apps/web");
        assertThat(service.path("build_config").path("environment_variables").toString())
                .isEqualTo("{\"EMPTY\":\"\",\"GREETING\":\"hello ✓\"}");
        assertThat(service.path("build_config").path("health_check_timeout").asInt())
                .isEqualTo(30);
        assertThat(service.path("resources").toString())
                .isEqualTo("{\"cpu\":\"250m\",\"memory\":\"1Gi\",\"storage\":\"3000MB\",\"replicas\":1}");
        assertThat(ada.get(SERVICES + answer.text("id")).expect(200).json()).isEqualTo(service);
        assertThat(ada.get(in(project)).expect(200).json().get(0)).isEqualTo(service);
    }

    @Test
    void createdServiceIsToldAsAWholeWithSealedValues() {
        ServiceId id = ServiceId.of(ada.post(in(project), FULL).expect(201).text("id"));

        ServiceSpec spec = messages.await(
                        ServiceCreated.class, e -> e.spec().service().equals(id))
                .spec();

        Map<String, Sealed> environment = spec.build().environment();
        assertThat(spec)
                .isEqualTo(new ServiceSpec(
                        id,
                        1,
                        ProjectId.of(project),
                        ada.user(),
                        "Web app",
                        "shop",
                        ServiceKind.WEB,
                        new ServiceSource(
                                ServiceSource.Type.GIT,
                                "https://git.example.com/team/app.git",
                                "main",
                                "apps/web",
                                "docker/Dockerfile",
                                null),
                        new BuildSettings("dockerfile", "make", "./run --fast", environment),
                        new Resources(250, 1024, 2862),
                        new HealthCheck("/healthz?full=1", Duration.ofSeconds(30)),
                        environment,
                        Wanted.RUNNING,
                        0,
                        null,
                        null,
                        null,
                        false,
                        1,
                        null));
        assertThat(environment).containsOnlyKeys("GREETING", "EMPTY");
        assertThat(box.open(environment.get("GREETING"), ServiceSpec.sealedFor(id, "GREETING")))
                .isEqualTo("hello ✓");
        assertThat(messages.awaitMeta(
                                ServiceCreated.class, e -> e.spec().service().equals(id))
                        .key())
                .isEqualTo(project);
    }

    @Test
    void serviceOfWhichLittleIsSaidGetsDefaults() {
        Api.Answer answer =
                ada.post(in(project), "{\"name\":\"w\",\"type\":\"worker\"}").expect(201);

        assertThat(answer.json().has("source")).isFalse();
        assertThat(answer.json().path("resources").toString())
                .isEqualTo("{\"cpu\":\"0.5\",\"memory\":\"512Mi\",\"storage\":\"2Gi\",\"replicas\":1}");
        ServiceSpec spec = messages.await(
                        ServiceCreated.class, e -> e.spec().service().toString().equals(answer.text("id")))
                .spec();
        assertThat(spec.resources()).isEqualTo(Resources.DEFAULT);
        assertThat(spec.healthCheck()).isEqualTo(HealthCheck.DEFAULT);
        assertThat(spec.source().repository()).isNull();
    }

    @Test
    void updateChangesWhatIsGivenLeavesTheRestAndClearsWhatIsBlank() {
        String id = ada.post(in(project), FULL).expect(201).text("id");

        JsonNode updated = ada.put(
                        SERVICES + id,
                        "{\"name\":\"api\",\"build_config\":{\"start_command\":\"\",\"health_check_path\":\"/up\"},"
                                + "\"resources\":{\"memory\":\"256\"}}")
                .expect(200)
                .json();

        assertThat(updated.path("name").asString()).isEqualTo("api");
        assertThat(updated.path("build_config").has("start_command")).isFalse();
        assertThat(updated.path("build_config").path("build_command").asString())
                .isEqualTo("make");
        assertThat(updated.path("build_config").path("environment_variables").size())
                .isEqualTo(2);
        ServiceSpec spec =
                messages.await(ServiceUpdated.class, e -> isOf(e, id)).spec();
        assertThat(spec.revision()).isEqualTo(2);
        assertThat(spec.healthCheck()).isEqualTo(new HealthCheck("/up", Duration.ofSeconds(30)));
        assertThat(spec.resources()).isEqualTo(new Resources(250, 256, 2862));
    }

    @Test
    void updateThatChangesNothingIsNoNews() {
        String id = ada.post(in(project), FULL).expect(201).text("id");
        String shown = ada.get(SERVICES + id).body();

        assertThat(ada.put(SERVICES + id, shown).expect(200).body()).isEqualTo(shown);
        ada.post(SERVICES + id + "/start", "").expect(200);
        ada.post(SERVICES + id + "/stop", "").expect(200);

        ServiceSpec spec =
                messages.await(ServiceUpdated.class, e -> isOf(e, id)).spec();
        assertThat(spec.wanted()).isEqualTo(Wanted.STOPPED);
        assertThat(spec.revision()).isEqualTo(2);
    }

    @Test
    void startStopAndRestartChangeWhatIsWanted() {
        String id = ada.newService(project, "web");

        assertThat(ada.post(SERVICES + id + "/restart", "").expect(200).text("id"))
                .isEqualTo(id);
        ada.post(SERVICES + id + "/stop", "").expect(200);
        ada.post(SERVICES + id + "/restart", "").expect(200);
        ada.post(SERVICES + id + "/restart", "").expect(200);

        messages.await(ServiceUpdated.class, e -> isOf(e, id) && e.spec().revision() == 5);
        assertThat(messages.all(ServiceUpdated.class).stream()
                        .filter(e -> isOf(e, id))
                        .map(e -> e.spec().revision() + " " + e.spec().wanted() + " "
                                + e.spec().restarts()))
                .containsExactly("2 RUNNING 1", "3 STOPPED 1", "4 RUNNING 1", "5 RUNNING 2");
    }

    @Test
    void revisionsOfChangesThatComeAtOnceAreToldInOrder() throws Exception {
        String id = ada.newService(project, "busy");
        int changes = 20;
        try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> requests = IntStream.range(0, changes)
                    .<Callable<Integer>>mapToObj(
                            i -> () -> ada.post(SERVICES + id + "/restart", "").status())
                    .toList();
            assertThat(users.invokeAll(requests).stream().map(Future::resultNow))
                    .containsOnly(200);
        }

        messages.await(ServiceUpdated.class, e -> isOf(e, id) && e.spec().revision() == changes + 1);
        assertThat(messages.all(ServiceUpdated.class).stream()
                        .filter(e -> isOf(e, id))
                        .map(e -> e.spec().revision()))
                .containsExactlyElementsOf(IntStream.rangeClosed(2, changes + 1)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    @Test
    void statusAndUrlAreWhatDeployServiceSaidLast() {
        String id = ada.newService(project, "web");
        ServiceId service = ServiceId.of(id);
        ProjectId parent = ProjectId.of(project);
        UUID repeated = Ids.next();

        messages.publish(repeated, new ServiceStateChanged(service, parent, "building", null), id);
        messages.publish(new ServiceStateChanged(service, parent, "running", "http://web-shop.example"), id);
        messages.publish(repeated, new ServiceStateChanged(service, parent, "building", null), id);
        String later = ada.newService(project, "later");
        messages.publish(new ServiceStateChanged(ServiceId.of(later), parent, "failed", null), id);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(ada.get(SERVICES + later).text("status")).isEqualTo("failed"));
        Api.Answer shown = ada.get(SERVICES + id).expect(200);
        assertThat(shown.text("status")).isEqualTo("running");
        assertThat(shown.text("url")).isEqualTo("http://web-shop.example");
        ada.put(SERVICES + id, "{\"name\":\"renamed\"}").expect(200);
        assertThat(ada.get(SERVICES + id).text("url")).isEqualTo("http://web-shop.example");
    }

    @Test
    void nameIsUniqueInItsProjectWhateverItsCase() {
        ada.newService(project, "Web");
        String other = ada.newService(project, "other");

        assertThat(ada.post(in(project), "{\"name\":\"web\",\"type\":\"web\"}")
                        .expect(409)
                        .text("code"))
                .isEqualTo("CONFLICT");
        ada.put(SERVICES + other, "{\"name\":\"WEB\"}").expect(409);
        ada.newService(ada.newProject("second"), "Web");
    }

    @Test
    void projectHoldsNoMoreServicesThanItsQuota() {
        List.of("a", "b", "c").forEach(name -> ada.newService(project, name));

        assertThat(ada.post(in(project), "{\"name\":\"d\",\"type\":\"web\"}")
                        .expect(409)
                        .text("error"))
                .isEqualTo("The project has reached the limit of 3 services");
    }

    @Test
    void deletedServiceIsGoneAndTold() {
        String id = ada.newService(project, "web");

        ada.delete(SERVICES + id).expect(204);

        ada.get(SERVICES + id).expect(404);
        ada.delete(SERVICES + id).expect(404);
        assertThat(messages.await(
                        ServiceDeleted.class, e -> e.service().toString().equals(id)))
                .isEqualTo(new ServiceDeleted(ServiceId.of(id), ProjectId.of(project), ada.user()));
        assertThat(ada.get("/api/v1/projects/" + project)
                        .json()
                        .path("services_count")
                        .asInt())
                .isZero();
    }

    @Test
    void anothersServiceDoesNotExist() {
        String id = ada.newService(project, "web");
        Api eve = Api.newUser(port);

        eve.get(SERVICES + id).expect(404);
        eve.put(SERVICES + id, "{\"name\":\"mine\"}").expect(404);
        eve.delete(SERVICES + id).expect(404);
        List.of("start", "stop", "restart")
                .forEach(action -> eve.post(SERVICES + id + "/" + action, "").expect(404));
        eve.get(SERVICES + id + "/variables").expect(404);
        eve.put(SERVICES + id + "/variables", "{}").expect(404);
        eve.get("/internal/services/" + id).expect(404);
        assertThat(ada.get(SERVICES + id).expect(200).text("name")).isEqualTo("web");
    }

    @Test
    void neighbourServicesReadTheWholeOfItWithTheUsersToken() {
        String id = ada.post(in(project), FULL).expect(201).text("id");

        String body = ada.get("/internal/services/" + id).expect(200).body();

        ServiceSpec spec = new MessageCodec().read(body.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
        assertThat(spec)
                .isEqualTo(messages.await(
                                ServiceCreated.class,
                                e -> e.spec().service().toString().equals(id))
                        .spec());
    }

    @Test
    void valuesOfVariablesAreNotAtRestInClear() {
        ada.post(in(project), FULL.replace("hello ✓", "findme-in-clear")).expect(201);

        for (String table : List.of("service", "outbox", "idempotency")) {
            assertThat(jdbc.sql("select count(*) from " + table + " t where t::text like '%findme-in-clear%'")
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    private static boolean isOf(ServiceUpdated event, String service) {
        return event.spec().service().toString().equals(service);
    }

    private static String in(String project) {
        return "/api/v1/projects/" + project + "/services";
    }
}
