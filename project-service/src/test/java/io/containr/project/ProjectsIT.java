package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ProjectUpdated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.testing.TestMessages;
import java.time.Instant;
import java.util.List;
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
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@RunningService
class ProjectsIT {

    private static final String PROJECTS = "/api/v1/projects";

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    private Api ada;

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newUser() {
        ada = Api.newUser(port);
    }

    @Test
    void createdProjectIsShownAsTheContractSaysAndTold() {
        Api.Answer answer = ada.post(PROJECTS, "{\"name\":\" Web shop \",\"description\":\"Sells\\nthings\"}")
                .expect(201);

        JsonNode project = answer.json();
        assertThat(project.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "name", "description", "owner_id", "created_at", "updated_at", "services_count");
        assertThat(answer.text("name")).isEqualTo("Web shop");
        assertThat(answer.text("owner_id")).isEqualTo(ada.user().toString());
        assertThat(answer.text("created_at")).endsWith("Z").isEqualTo(answer.text("updated_at"));
        assertThat(Instant.parse(answer.text("created_at"))).isBefore(Instant.now());
        assertThat(project.path("services_count").asInt()).isZero();
        assertThat(ada.get(PROJECTS + "/" + answer.text("id")).expect(200).json())
                .isEqualTo(project);

        ProjectId id = ProjectId.of(answer.text("id"));
        ProjectCreated event =
                messages.await(ProjectCreated.class, e -> e.project().equals(id));
        assertThat(event).isEqualTo(new ProjectCreated(id, ada.user(), "Web shop"));
        MessageMeta meta =
                messages.awaitMeta(ProjectCreated.class, e -> e.project().equals(id));
        assertThat(meta.key()).isEqualTo(id.toString());
        assertThat(meta.origin().actorId()).isEqualTo(ada.user().toString());
        assertThat(meta.origin().actorEmail()).isEqualTo(ada.user() + "@example.com");
        assertThat(meta.origin().userAgent()).isEqualTo("test-agent");
        assertThat(meta.origin().sourceIp()).isEqualTo("127.0.0.1");
    }

    @Test
    void updateChangesWhatIsGivenAndLeavesTheRest() {
        String path = PROJECTS + "/"
                + ada.post(PROJECTS, "{\"name\":\"one\",\"description\":\"first\"}")
                        .expect(201)
                        .text("id");

        Api.Answer renamed = ada.put(path, "{\"name\":\"two\"}").expect(200);
        assertThat(renamed.text("name")).isEqualTo("two");
        assertThat(renamed.text("description")).isEqualTo("first");
        assertThat(ada.put(path, "{\"description\":\"\"}").expect(200).json().has("description"))
                .isFalse();
        assertThat(ada.get(path).text("name")).isEqualTo("two");
    }

    @Test
    void renamedProjectIsNewsOfEachOfItsServices() {
        String project = ada.newProject("old");
        String service = ada.newService(project, "web");

        ada.put(PROJECTS + "/" + project, "{\"name\":\"new\"}").expect(200);

        messages.await(
                ProjectUpdated.class,
                e -> e.project().toString().equals(project) && e.name().equals("new"));
        ServiceUpdated event = messages.await(
                ServiceUpdated.class, e -> e.spec().service().toString().equals(service));
        assertThat(event.spec().projectName()).isEqualTo("new");
        assertThat(event.spec().revision()).isEqualTo(2);
    }

    @Test
    void deletedProjectTakesItsServicesAlongAndTellsOfThemFirst() {
        String project = ada.newProject("doomed");
        List<String> services = List.of(ada.newService(project, "one"), ada.newService(project, "two"));

        assertThat(ada.delete(PROJECTS + "/" + project).expect(204).body()).isEmpty();

        ada.get(PROJECTS + "/" + project).expect(404);
        services.forEach(service -> ada.get("/api/v1/services/" + service).expect(404));
        messages.await(ProjectDeleted.class, e -> e.project().toString().equals(project));
        assertThat(messages.all(ServiceDeleted.class).stream()
                        .filter(e -> e.project().toString().equals(project))
                        .map(e -> e.service().toString()))
                .containsExactlyInAnyOrderElementsOf(services);
        ada.delete(PROJECTS + "/" + project).expect(404);
    }

    @Test
    void listIsPagedNewestFirstAndSearched() {
        List<String> ids = List.of(
                ada.newProject("alpha"), ada.newProject("beta"), ada.newProject("a_b"), ada.newProject("Alphabet"));
        ada.newService(ids.get(0), "web");

        JsonNode all = ada.get(PROJECTS).expect(200).json();
        assertThat(all.path("projects").valueStream().map(p -> p.path("id").asString()))
                .containsExactlyElementsOf(ids.reversed());
        assertThat(all.path("pagination").toString())
                .isEqualTo("{\"page\":1,\"limit\":20,\"total\":4,\"total_pages\":1}");
        assertThat(all.path("projects").get(3).path("services_count").asInt()).isEqualTo(1);

        JsonNode second = ada.get(PROJECTS + "?page=2&limit=3").expect(200).json();
        assertThat(names(second)).containsExactly("alpha");
        assertThat(second.path("pagination").toString())
                .isEqualTo("{\"page\":2,\"limit\":3,\"total\":4,\"total_pages\":2}");

        assertThat(names(ada.get(PROJECTS + "?search=ALPHA").json())).containsExactly("Alphabet", "alpha");
        assertThat(names(ada.get(PROJECTS + "?search=_").json())).containsExactly("a_b");
        assertThat(names(ada.get(PROJECTS + "?search=%25").json())).isEmpty();
        assertThat(ada.get(PROJECTS + "?search=%00").expect(400).problem("search"))
                .isNotEmpty();
        assertThat(ada.get(PROJECTS + "?page=0&limit=101").expect(400).problem("limit"))
                .isNotEmpty();
    }

    @Test
    void everyProblemOfARequestIsNamed() {
        Api.Answer answer = ada.post(PROJECTS, "{\"name\":\"<b>\",\"description\":\"\\u0000\"}")
                .expect(400);

        assertThat(answer.text("code")).isEqualTo("VALIDATION");
        assertThat(answer.problem("name")).contains("letter or digit");
        assertThat(answer.problem("description")).contains("control characters");
        assertThat(ada.post(PROJECTS, "{}").expect(400).problem("name")).isEqualTo("is required");
        ada.post(PROJECTS, "{\"name\":\"" + "a".repeat(64) + "\"}").expect(400);
        ada.post(PROJECTS, "{\"name\":\"   \"}").expect(400);
    }

    @Test
    void anothersProjectDoesNotExist() {
        String project = ada.newProject("secret");
        Api eve = Api.newUser(port);
        String path = PROJECTS + "/" + project;

        String unknown = eve.get(PROJECTS + "/" + UUID.randomUUID()).expect(404).body();
        assertThat(eve.get(path).expect(404).body()).isEqualTo(unknown);
        eve.put(path, "{\"name\":\"mine\"}").expect(404);
        eve.delete(path).expect(404);
        eve.get(path + "/services").expect(404);
        eve.post(path + "/services", "{\"name\":\"x\",\"type\":\"web\"}").expect(404);
        assertThat(names(eve.get(PROJECTS).json())).isEmpty();
        assertThat(ada.get(path).expect(200).text("name")).isEqualTo("secret");
    }

    @Test
    void quotaHoldsForRequestsThatComeAtOnce() throws Exception {
        try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> requests = IntStream.range(0, 12)
                    .<Callable<Integer>>mapToObj(i -> () ->
                            ada.post(PROJECTS, "{\"name\":\"p" + i + "\"}").status())
                    .toList();
            List<Integer> statuses =
                    users.invokeAll(requests).stream().map(Future::resultNow).toList();
            assertThat(statuses).containsOnly(201, 409);
            assertThat(statuses.stream().filter(status -> status == 201)).hasSize(4);
        }
        assertThat(ada.post(PROJECTS, "{\"name\":\"more\"}").expect(409).text("error"))
                .isEqualTo("You have reached the limit of 4 projects");
        Api.newUser(port).newProject("unconcerned");
    }

    private static List<String> names(JsonNode list) {
        return list.path("projects")
                .valueStream()
                .map(project -> project.path("name").asString())
                .toList();
    }
}
