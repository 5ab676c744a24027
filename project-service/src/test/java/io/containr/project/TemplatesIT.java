package io.containr.project;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.DeploymentRequested;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@RunningService
class TemplatesIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TEMPLATES = "/api/v1/templates";
    private static final String REPOSITORY = "https://git.example.com/team/app.git";

    private static final Map<String, String> EXAMPLES = Map.of("IMAGE", "nginx:1.29", "SCHEDULE", "*/15 3 * * 1-5");

    private static TestMessages messages;

    @LocalServerPort
    private int port;

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
        project = ada.newProject("templates");
    }

    @Test
    void theCatalogueHasWhatUsersExpect() {
        JsonNode templates = ada.get(TEMPLATES).expect(200).json().path("templates");

        assertThat(ids(templates))
                .contains(
                        "nodejs",
                        "react",
                        "python",
                        "go",
                        "spring-boot",
                        "static-site",
                        "background-worker",
                        "cron-job",
                        "docker-image",
                        "postgresql",
                        "mysql",
                        "mariadb",
                        "redis",
                        "mongodb",
                        "clickhouse",
                        "dragonfly",
                        "kafka");
        templates.forEach(template -> {
            assertThat(template.path("is_official").booleanValue()).isTrue();
            assertThat(template.path("config").isString()).isTrue();
            assertThat(JSON.readTree(template.path("config").asString())
                            .path("type")
                            .isString())
                    .isTrue();
            assertThat(JSON.readTree(template.path("variables").asString()).isArray())
                    .isTrue();
        });
    }

    @Test
    void templatesAreFoundByTheirCategory() {
        assertThat(ids(ada.get(TEMPLATES + "?category=database").json().path("templates")))
                .containsExactlyInAnyOrder(
                        "postgresql", "mysql", "mariadb", "redis", "mongodb", "clickhouse", "dragonfly");
        assertThat(ids(ada.get(TEMPLATES + "?category=CRON").json().path("templates")))
                .containsExactly("cron-job");
        assertThat(ids(ada.get(TEMPLATES + "?category=nothing%00")
                        .expect(200)
                        .json()
                        .path("templates")))
                .isEmpty();
    }

    @Test
    void oneTemplateShowsItsPartsParsed() {
        JsonNode detail = ada.get(TEMPLATES + "/nodejs").expect(200).json();

        assertThat(detail.path("template").path("id").asString()).isEqualTo("nodejs");
        assertThat(detail.path("config").path("type").asString()).isEqualTo("web");
        assertThat(detail.path("config").path("environment").path("NODE_ENV").asString())
                .isEqualTo("production");
        JsonNode first = detail.path("variables").get(0);
        assertThat(first.path("key").asString()).isEqualTo("GIT_REPOSITORY");
        assertThat(first.path("required").booleanValue()).isTrue();
        assertThat(detail.path("config").toString())
                .isEqualTo(detail.path("template").path("config").asString());
        assertThat(ada.get(TEMPLATES + "/nothing").expect(404).text("code")).isEqualTo("NOT_FOUND");
    }

    @Test
    void aTemplateBecomesAServiceWithItsVariablesAndIsDeployed() {
        ObjectNode body = body("Shop API");
        body.withObject("variables")
                .put("GIT_REPOSITORY", REPOSITORY)
                .put("GIT_BRANCH", "stable")
                .put("START_COMMAND", "gunicorn shop:app");

        JsonNode answer = deploy("python", body).expect(201).json();

        assertThat(answer.path("resource").asString()).isEqualTo("service");
        ServiceId id = ServiceId.of(answer.path("service_id").asString());
        ServiceSpec spec = messages.await(
                        ServiceUpdated.class, event -> event.spec().service().equals(id))
                .spec();
        assertThat(spec.kind()).isEqualTo(ServiceKind.WEB);
        assertThat(spec.source())
                .isEqualTo(new ServiceSource(ServiceSource.Type.GIT, REPOSITORY, "stable", null, null, null));
        assertThat(spec.build().startCommand()).isEqualTo("gunicorn shop:app");
        assertThat(spec.variables().keySet()).containsExactlyInAnyOrder("PORT", "PYTHONUNBUFFERED", "SECRET_KEY");
        assertThat(opened(spec, "PYTHONUNBUFFERED")).isEqualTo("1");
        assertThat(opened(spec, "SECRET_KEY")).hasSize(43);
        assertThat(ada.get("/api/v1/services/" + id + "/variables")
                        .json()
                        .path("SECRET_KEY")
                        .toString())
                .isEqualTo("{\"secret\":true}");

        DeploymentRequested requested = messages.await(
                DeploymentRequested.class, event -> event.service().equals(id));
        assertThat(requested).isEqualTo(new DeploymentRequested(id, spec.project(), ada.user(), "python"));
        assertThat(messages.all(ServiceCreated.class))
                .anyMatch(event -> event.spec().service().equals(id));
    }

    @Test
    void aSecretThatIsGivenIsKeptAndEachDeploymentMakesItsOwn() {
        Set<String> secrets = new HashSet<>();
        for (String given : List.of("", "", "my own")) {
            ObjectNode body = body("app " + secrets.size());
            body.withObject("variables").put("GIT_REPOSITORY", REPOSITORY).put("SECRET_KEY", given);
            ServiceId id = ServiceId.of(deploy("python", body).expect(201).text("service_id"));
            secrets.add(opened(
                    messages.await(
                                    ServiceUpdated.class,
                                    event -> event.spec().service().equals(id))
                            .spec(),
                    "SECRET_KEY"));
        }

        assertThat(secrets).hasSize(3).contains("my own");
    }

    @Test
    void everyTemplateOfAServiceCanBeDeployedWithWhatItRequires() {
        List<String> deployed = new ArrayList<>();
        for (JsonNode template : ada.get(TEMPLATES).json().path("templates")) {
            String id = template.path("id").asString();
            if (template.path("category").asString().equals("database")) {
                continue;
            }
            Api owner = Api.newUser(port);
            ObjectNode body = JSON.createObjectNode()
                    .put("project_id", owner.newProject("one"))
                    .put("name", "made from " + id);
            for (JsonNode variable : JSON.readTree(template.path("variables").asString())) {
                if (variable.path("required").booleanValue()
                        && variable.path("default").isMissingNode()) {
                    String key = variable.path("key").asString();
                    body.withObject("variables").put(key, EXAMPLES.getOrDefault(key, REPOSITORY));
                }
            }
            owner.post(TEMPLATES + "/" + id + "/deploy", body.toString()).expect(201);
            deployed.add(id);
        }
        assertThat(deployed).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void kafkaKnowsItselfByItsPrivateName() {
        ServiceId id =
                ServiceId.of(deploy("kafka", body("My Events")).expect(201).text("service_id"));

        ServiceSpec spec = messages.await(
                        ServiceUpdated.class, event -> event.spec().service().equals(id))
                .spec();
        assertThat(spec.kind()).isEqualTo(ServiceKind.DATABASE);
        assertThat(Objects.requireNonNull(spec.source().image())).startsWith("apache/kafka:");
        assertThat(opened(spec, "KAFKA_ADVERTISED_LISTENERS"))
                .isEqualTo("PLAINTEXT://${{CONTAINR_PRIVATE_DOMAIN}}:9092");
    }

    @Test
    void everyVariableThatIsMissingOrUnknownIsNamed() {
        ObjectNode body = body("app");
        body.withObject("variables").put("GIT_REPO", REPOSITORY).put("GIT_REPOSITORY", " ");

        Api.Answer answer = deploy("go", body).expect(400);

        assertThat(answer.text("code")).isEqualTo("VALIDATION");
        assertThat(answer.problem("variables.GIT_REPOSITORY")).isEqualTo("is required");
        assertThat(answer.problem("variables.GIT_REPO")).isEqualTo("is no variable of this template");
        assertThat(ada.get("/api/v1/projects/" + project + "/services").body()).isEqualTo("[]");
    }

    @Test
    void aValueThatAServiceWouldRefuseIsNamedByItsVariable() {
        for (String url : List.of(
                "--upload-pack=touch /tmp/x", "file:///etc", "https://me:secret@git.example.com/a", "ext::sh -c id")) {
            ObjectNode body = body("app");
            body.withObject("variables").put("GIT_REPOSITORY", url).put("ROOT_DIRECTORY", "../..");
            Api.Answer answer = deploy("go", body).expect(400);
            assertThat(answer.problem("variables.GIT_REPOSITORY")).isNotEmpty();
            assertThat(answer.problem("variables.ROOT_DIRECTORY")).isNotEmpty();
            assertThat(answer.body()).doesNotContain("secret@");
        }
        ObjectNode image = body("app");
        image.withObject("variables").put("IMAGE", "--privileged nginx").put("PORT", "8080\u0000");
        assertThat(deploy("docker-image", image).expect(400).problem("variables.IMAGE"))
                .isNotEmpty();
        assertThat(ada.get("/api/v1/projects/" + project + "/services").body()).isEqualTo("[]");
    }

    @Test
    void aServiceWhoseVariablesAreRefusedIsNotThereAtAll() {
        ObjectNode body = body("app");
        body.withObject("variables").put("IMAGE", "nginx").put("PORT", "8\u00000");

        assertThat(deploy("docker-image", body).expect(400).problem("variables.PORT"))
                .contains("NUL");
        assertThat(ada.get("/api/v1/projects/" + project + "/services").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"a\"} | project_id",
                "{\"project_id\":\"PROJECT\"} | name",
                "{\"project_id\":\"PROJECT\",\"name\":\"-\"} | name",
                "{\"project_id\":\"PROJECT\",\"name\":\"a\",\"plan\":\"huge\"} | plan",
                "{\"project_id\":\"PROJECT\",\"name\":\"a\",\"region\":\"../eu\"} | region",
                "{\"project_id\":\"PROJECT\",\"name\":\"a\",\"variables\":[]} | variables",
                "{\"project_id\":\"PROJECT\",\"name\":\"a\",\"variables\":{\"A\":{}}} | variables.A",
            })
    void whatIsWrongWithARequestIsNamed(String body, String field) {
        Api.Answer answer = ada.post(TEMPLATES + "/docker-image/deploy", body.replace("PROJECT", project))
                .expect(400);

        assertThat(answer.json().path("details").path("fields").propertyNames()).contains(field);
    }

    @Test
    void whatIsNotThereOrTakenIsSaid() {
        ObjectNode body = body("app");
        body.withObject("variables").put("IMAGE", "nginx");

        deploy("nothing", body).expect(404);
        ada.post(TEMPLATES + "/docker-image/deploy", "[").expect(400);
        assertThat(Api.newUser(port)
                        .post(TEMPLATES + "/docker-image/deploy", body.toString())
                        .expect(404)
                        .text("error"))
                .isEqualTo("Project not found");
        ada.post(
                        TEMPLATES + "/docker-image/deploy",
                        body.deepCopy().put("project_id", "x").toString())
                .expect(404);
        deploy("docker-image", body).expect(201);
        assertThat(deploy("docker-image", body).expect(409).text("code")).isEqualTo("CONFLICT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql", "mariadb", "redis", "dragonfly", "mongodb", "clickhouse"})
    void aDatabaseIsMadeByItsServiceInTheUsersName(String template) {
        ObjectNode body = body("my " + template).put("plan", "starter").put("region", "eu-west");
        body.withObject("variables").put("VERSION", "16");
        databaseService("my " + template, 201, "{\"id\":\"0199f6ab-3c51-7d7e-9c36-4f0e6f8a2b11\"}");

        JsonNode made = deploy(template, body).expect(201).json();

        assertThat(made.path("resource").asString()).isEqualTo("database");
        assertThat(made.path("database_id").asString()).isEqualTo("0199f6ab-3c51-7d7e-9c36-4f0e6f8a2b11");
        assertThat(made.has("service_id")).isFalse();
        ProviderStub.server()
                .verify(
                        1,
                        postRequestedFor(urlEqualTo("/internal/databases"))
                                .withHeader("Authorization", matching("Bearer .+"))
                                .withHeader("User-Agent", equalTo("test-agent"))
                                .withHeader("X-Forwarded-For", equalTo("127.0.0.1"))
                                .withoutHeader("Idempotency-Key")
                                .withRequestBody(equalToJson("""
                                        {"project_id": "%s", "name": "my %s", "type": "%s", "version": "16",
                                         "plan": "starter", "region": "eu-west"}""".formatted(project, template, template))));
    }

    @Test
    void whatDatabaseServiceRefusesIsSaidInTheTemplatesWords() {
        ObjectNode body = body("refused");
        databaseService(
                "refused",
                400,
                "{\"code\":\"VALIDATION\",\"details\":{\"fields\":{\"version\":\"must be one of 16, 17\",\"region\":\"no\"}}}");
        Api.Answer invalid = deploy("postgresql", body).expect(400);
        assertThat(invalid.problem("variables.VERSION")).isEqualTo("must be one of 16, 17");
        assertThat(invalid.problem("region")).isEqualTo("no");

        databaseService("refused", 409, "{\"error\":\"You have a database named refused already\"}");
        assertThat(deploy("postgresql", body).expect(409).text("error")).contains("named refused already");

        databaseService("refused", 404, "{\"error\":\"Project not found\"}");
        deploy("postgresql", body).expect(404);

        for (String broken : List.of("<html>", "{}")) {
            databaseService("refused", 201, broken);
            assertThat(deploy("postgresql", body).expect(503).text("code")).isEqualTo("DEPENDENCY_UNAVAILABLE");
        }
        databaseService("refused", 500, "{}");
        assertThat(deploy("postgresql", body).expect(503).text("code")).isEqualTo("DEPENDENCY_UNAVAILABLE");
    }

    @Test
    void aRequestForADatabaseThatIsRepeatedWithItsKeyRepeatsTheCallWithOne() {
        ObjectNode body = body("repeated");
        Map<String, String> key = Map.of("Idempotency-Key", "one of mine");
        Map<String, String> spelled = Map.of("Idempotency-Key", "one-of-mine");
        deploy("postgresql", body, key).expect(400);

        databaseService("repeated", 500, "{}");
        deploy("postgresql", body, spelled).expect(503);
        ProviderStub.server()
                .stubFor(orders("repeated")
                        .willReturn(aResponse()
                                .withStatus(409)
                                .withHeader("Retry-After", "1")
                                .withBody("{\"error\":\"A request with this Idempotency-Key is in progress\"}")));
        deploy("postgresql", body, spelled).expect(503);
        databaseService("repeated", 201, "{\"id\":\"0199f6ab-3c51-7d7e-9c36-4f0e6f8a2b12\"}");
        deploy("postgresql", body, spelled).expect(201);
        assertThat(deploy("postgresql", body, spelled).expect(201).text("database_id"))
                .isEqualTo("0199f6ab-3c51-7d7e-9c36-4f0e6f8a2b12");
        assertThat(keysOfOrders("repeated"))
                .hasSize(3)
                .containsOnly(keysOfOrders("repeated").getFirst());

        deploy("redis", body, spelled).expect(201);
        assertThat(Set.copyOf(keysOfOrders("repeated"))).hasSize(2);
    }

    private static List<String> keysOfOrders(String name) {
        return ProviderStub.server()
                .findAll(postRequestedFor(urlEqualTo("/internal/databases"))
                        .withRequestBody(matchingJsonPath("$.name", equalTo(name))))
                .stream()
                .map(request -> request.getHeader("Idempotency-Key"))
                .toList();
    }

    @Test
    void databaseServiceIsNotAskedForWhatIsWrongOrNobodys() {
        ObjectNode wrong = body("never");
        wrong.withObject("variables").put("FLAVOUR", "x");
        deploy("redis", wrong).expect(400);
        Api.newUser(port)
                .post(TEMPLATES + "/redis/deploy", body("never").toString())
                .expect(404);

        ProviderStub.server()
                .verify(
                        0,
                        postRequestedFor(urlEqualTo("/internal/databases"))
                                .withRequestBody(matchingJsonPath("$.name", equalTo("never"))));
    }

    private static void databaseService(String name, int status, String body) {
        ProviderStub.server()
                .stubFor(orders(name).willReturn(aResponse().withStatus(status).withBody(body)));
    }

    private static MappingBuilder orders(String name) {
        return post(urlEqualTo("/internal/databases")).withRequestBody(matchingJsonPath("$.name", equalTo(name)));
    }

    private ObjectNode body(String name) {
        return JSON.createObjectNode().put("project_id", project).put("name", name);
    }

    private Api.Answer deploy(String template, ObjectNode body) {
        return deploy(template, body, Map.of());
    }

    private Api.Answer deploy(String template, ObjectNode body, Map<String, String> headers) {
        return ada.post(TEMPLATES + "/" + template + "/deploy", body.toString(), headers);
    }

    private String opened(ServiceSpec spec, String name) {
        return box.open(
                Objects.requireNonNull(spec.variables().get(name)), ServiceSpec.sealedFor(spec.service(), name));
    }

    private static Set<String> ids(JsonNode templates) {
        return templates
                .valueStream()
                .map(template -> template.path("id").asString())
                .collect(Collectors.toSet());
    }
}
