package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.containr.runtime.Ids;
import io.containr.standalone.Contract.Operation;
import io.containr.standalone.ContractClient.Received;
import io.containr.standalone.ContractClient.Sent;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.EngineImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Every operation of the contract, with each success and each error it describes, held against a real OpenAPI validator;
 * writes {@code docs/contract.md} with {@code -Dcontract.write=true}, and fails where that page says something else.
 */
class ContractE2E {

    private static final Path TABLE = Path.of("../docs/contract.md");
    /** In {@link OwnClusterE2E}, whose platform may be killed and whose registration is not open. */
    private static final Set<String> DRIVEN_ELSEWHERE = Set.of("429", "503", "403");

    static final String NOBODY = "01900000-0000-7000-8000-000000000000";
    private static final Map<String, Object> DATABASE_OF_NOBODY =
            Map.of("name", "x", "type", "redis", "plan", "hobby", "region", "eu", "project_id", NOBODY);

    private static RunningPlatform platform;

    /** Users of its own, also where the platform goes on running. */
    private final String run = Ids.next().toString();

    private final ContractTable table = new ContractTable();
    private final List<String> problems = new ArrayList<>();
    private ContractClient client;
    private Contract contract;
    private String token;

    @BeforeAll
    static void start() {
        platform = RunningPlatform.get();
    }

    @Test
    void everyOperationAnswersAsTheContractSays() throws Exception {
        client = new ContractClient(platform.gateway());
        contract = Contract.of(client.document());
        ApiClient grace = platform.user("grace-" + run);
        token = grace.token();

        try {
            drive(grace);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("stopped by the last of: " + String.join("\n", problems), e);
        }

        for (Operation operation : operations()) {
            operation.statuses().stream()
                    .filter(status -> !DRIVEN_ELSEWHERE.contains(status))
                    .filter(status -> !table.of(operation).contains(Integer.parseInt(status)))
                    .forEach(status -> problems.add(operation.name() + " was never seen to answer " + status));
        }
        if (!problems.isEmpty()) {
            fail(String.join("\n", problems));
        }
        if (Boolean.getBoolean("contract.write")) {
            Files.writeString(TABLE, table.markdown(contract));
        }
        assertThat(TABLE).as("write it anew with -Dcontract.write=true").hasContent(table.markdown(contract));
    }

    private void drive(ApiClient grace) throws Exception {
        open();
        users();
        Map<String, String> ids = resources(grace);
        databases(ids);
        withoutToken(ids);
        ofNobodyAndOfOthers(ids);
        badBodies(ids);
        badQueries(ids);
        idempotency(ids);
        conflicts(ids);
        removal(ids);
    }

    private List<Operation> operations() {
        return contract.operations();
    }

    /** With a database that never runs: no engine's image is there. */
    private void databases(Map<String, String> ids) throws Exception {
        Map<String, Object> wanted = new LinkedHashMap<>(
                Map.of("name", "contract", "type", "mongodb", "plan", "hobby", "region", "eu", "version", "7.0"));
        JsonNode made = good("POST /databases", mine("/databases").body(wanted), 201);
        ids.put("databases", made.path("id").asString());
        String path = "/databases/" + ids.get("databases");
        bad("POST /databases", mine("/databases").body(wanted), 409);
        wanted.put("project_id", NOBODY);
        bad("POST /databases", mine("/databases").body(wanted), 404);
        good("GET /databases", mine("/databases").query("type", "mongodb").query("limit", "5"), 200);
        good("GET /databases/{id}", mine(path), 200);
        good("PUT /databases/{id}", mine(path).body(Map.of("name", "contract 2")), 200);
        good("PUT /databases/{id}", mine(path).body(Map.of("plan", "starter")), 200);
        bad("PUT /databases/{id}", mine(path).body(Map.of("plan", "hobby")), 409);
        for (String action : List.of("stop", "start", "restart")) {
            good("POST /databases/{id}/action", mine(path + "/action").body(Map.of("action", action)), 200);
        }
        bad("POST /databases/{id}/credentials", mine(path + "/credentials"), 409);
        bad("POST /databases/{id}/backup", mine(path + "/backup"), 409);
        backups();
    }

    /** Of a database that does run. */
    private void backups() throws Exception {
        platform.engine(EngineImage.REDIS);
        Map<String, Object> wanted = Map.of("name", "saved", "type", "redis", "plan", "hobby", "region", "eu");
        JsonNode made = good("POST /databases", mine("/databases").body(wanted), 201);
        String path = "/databases/" + made.path("id").asString();
        shown(path, database -> database.path("status").asString().equals("running"));
        good("POST /databases/{id}/credentials", mine(path + "/credentials"), 200);
        JsonNode backup = good("POST /databases/{id}/backup", mine(path + "/backup"), 201);
        Map<String, Object> it = Map.of("backup_id", backup.path("backup_id").asString());
        shown(
                path,
                database -> database.at("/backups/backups/0/status").asString().equals("completed"));
        Map<String, Object> clone = new LinkedHashMap<>(wanted);
        clone.put("name", "saved 2");
        clone.putAll(it);
        JsonNode cloned = good("POST /databases", mine("/databases").body(clone), 201);
        good("DELETE /databases/{id}", mine("/databases/" + cloned.path("id").asString()), 200);
        clone.put("type", "mongodb");
        bad("POST /databases", mine("/databases").body(clone), 400);
        good("POST /databases/{id}/restore", mine(path + "/restore").body(it), 200);
        bad("POST /databases/{id}/restore", mine(path + "/restore").body(it), 409);
        good("DELETE /databases/{id}", mine(path), 200);
    }

    private void shown(String path, Predicate<JsonNode> wanted) {
        await(path)
                .atMost(Duration.ofSeconds(90))
                .until(() -> wanted.test(good("GET /databases/{id}", mine(path), 200)));
    }

    private void open() throws Exception {
        JsonNode health = good("GET /health", Sent.to("/health"), 200);
        assertThat(health.path("dependencies").properties())
                .extracting(Map.Entry::getKey)
                .contains(
                        "auth-service.keycloak",
                        "build-service.engine",
                        "build-service.registry",
                        "deploy-service.kafka",
                        "project-service.db",
                        "proxmox-agent.proxmox-api");
    }

    private void users() throws Exception {
        Map<String, String> ida =
                Map.of("email", "ida-" + run + "@example.com", "password", "correct-horse-battery", "name", "Ida");
        good("POST /auth/register", Sent.to("/auth/register").body(ida), 201);
        bad("POST /auth/register", Sent.to("/auth/register").body(ida), 409);
        Map<String, String> login = Map.of("email", "ida-" + run + "@example.com", "password", "correct-horse-battery");
        JsonNode session = good("POST /auth/login", Sent.to("/auth/login").body(login), 200);
        bad(
                "POST /auth/login",
                Sent.to("/auth/login")
                        .body(Map.of("email", "ida-" + run + "@example.com", "password", "wrong-horse-battery")),
                401);
        Map<String, String> refresh =
                Map.of("refresh_token", session.path("refresh_token").asString());
        JsonNode again = good("POST /auth/refresh", Sent.to("/auth/refresh").body(refresh), 200);
        bad("POST /auth/refresh", Sent.to("/auth/refresh").body(Map.of("refresh_token", "no.such.token")), 401);
        String ofIda = again.path("token").asString();
        good("GET /user/profile", Sent.to("/user/profile").as(ofIda), 200);
        good("PUT /user/profile", Sent.to("/user/profile").as(ofIda).body(Map.of("name", "Ida R.")), 200);
        bad(
                "PUT /user/profile",
                Sent.to("/user/profile").as(ofIda).body(Map.of("email", "grace-" + run + "@example.com")),
                409);
        bad("POST /auth/logout", Sent.to("/auth/logout").body(Map.of("refresh_token", "no.such.token")), 401);
        good(
                "POST /auth/logout",
                Sent.to("/auth/logout")
                        .body(Map.of(
                                "refresh_token", again.path("refresh_token").asString())),
                204);
    }

    /** One of everything; returns ids by the name that {@link #path} looks them up with. */
    private Map<String, String> resources(ApiClient grace) throws Exception {
        Map<String, String> ids = new TreeMap<>();
        JsonNode project = good(
                "POST /projects",
                mine("/projects")
                        .header("Idempotency-Key", "one-of-everything-" + run)
                        .body(Map.of("name", "contract", "description", "All of it")),
                201);
        ids.put("projects", project.path("id").asString());
        good("GET /projects", mine("/projects").query("search", "contr").query("limit", "5"), 200);
        good("GET /projects/{id}", mine("/projects/" + ids.get("projects")), 200);
        good("PUT /projects/{id}", mine("/projects/" + ids.get("projects")).body(Map.of("description", "More")), 200);

        String running = platform.service(grace, "contract-web", platform.repository(Map.of()), "/healthz");
        ids.put("services", running);
        JsonNode described =
                good("POST /projects/{project_id}/services", services(ids).body(described()), 201);
        ids.put("described", described.path("id").asString());
        good("GET /projects/{project_id}/services", services(ids), 200);
        String shared = "/projects/" + ids.get("projects") + "/variables";
        good("PUT /projects/{id}/variables", mine(shared).body(Map.of("REGION", "eu")), 200);
        good("GET /projects/{id}/variables", mine(shared), 200);
        good("GET /services/{id}", mine("/services/" + running), 200);
        good(
                "PUT /services/{id}",
                mine("/services/" + running).body(Map.of("resources", Map.of("memory", "96Mi"))),
                200);
        good(
                "PUT /services/{id}/variables",
                mine("/services/" + running + "/variables")
                        .body(Map.of("PLAIN", "a", "SECRET", Map.of("value", "b", "secret", true))),
                200);
        JsonNode variables = good("GET /services/{id}/variables", mine("/services/" + running + "/variables"), 200);
        assertThat(variables.path("SECRET").has("value")).isFalse();

        String deployments = "/services/" + running + "/deployments";
        JsonNode deployment =
                good("POST /services/{id}/deployments", mine(deployments).body(Map.of()), 201);
        String first = deployment.path("id").asString();
        ids.put("deployments", first);
        JsonNode ended = platform.ended(grace, first);
        assertThat(ended.path("status").asString()).as(ended.toString()).isEqualTo("deployed");
        good("GET /services/{id}/deployments", mine(deployments), 200);
        good("GET /deployments/{id}", mine("/deployments/" + first), 200);
        good(
                "GET /deployments/{id}/logs",
                mine("/deployments/" + first + "/logs").query("type", "all"),
                200);
        good("GET /services/{id}/logs", mine("/services/" + running + "/logs").query("tail", "10"), 200);
        JsonNode rollback = good("POST /deployments/{id}/rollback", mine("/deployments/" + first + "/rollback"), 201);
        platform.ended(grace, rollback.path("deployment").path("id").asString());

        JsonNode builds =
                good("GET /builds", mine("/builds").query("service_id", running).query("status", "success"), 200);
        String build = builds.path("builds").path(0).path("id").asString();
        ids.put("builds", build);
        good("GET /builds/{id}", mine("/builds/" + build), 200);
        good("GET /builds/{id}/logs", mine("/builds/" + build + "/logs"), 200);
        JsonNode started = good(
                "POST /builds",
                mine("/builds").body(Map.of("service_id", running, "image_name", "contract/web", "image_tag", "try")),
                201);
        good("POST /builds/{id}/cancel", mine("/builds/" + started.path("id").asString() + "/cancel"), 200);

        JsonNode next =
                good("POST /services/{id}/deployments", mine(deployments).body(Map.of()), 201);
        good(
                "POST /deployments/{id}/cancel",
                mine("/deployments/" + next.path("id").asString() + "/cancel"),
                200);
        platform.ended(grace, next.path("id").asString());

        for (String verb : List.of("stop", "start", "restart")) {
            good("POST /services/{id}/" + verb, mine("/services/" + running + "/" + verb), 200);
        }
        good("POST /auth/invitations", mine("/auth/invitations"), 201);
        templates(ids);
        providers(ids);
        webhooks(ids);
        runs(ids, grace);
        good("GET /audit-logs", mine("/audit-logs").query("resource", "project").query("limit", "10"), 200);
        good("GET /audit-logs/{resource}/{id}", mine("/audit-logs/project/" + ids.get("projects")), 200);
        good("GET /audit-logs/verify", mine("/audit-logs/verify"), 200);
        return ids;
    }

    private void templates(Map<String, String> ids) throws Exception {
        ids.put("templates", "docker-image");
        good("GET /templates", mine("/templates").query("category", "database"), 200);
        good("GET /templates/{id}", mine("/templates/docker-image"), 200);
        good(
                "POST /templates/{id}/deploy",
                mine("/templates/docker-image/deploy").body(fromTemplate(ids)),
                201);
    }

    private static Map<String, Object> fromTemplate(Map<String, String> ids) {
        return Map.of(
                "project_id",
                ids.get("projects"),
                "name",
                "from template",
                "variables",
                Map.of("IMAGE", "registry.example.com/hello:1"));
    }

    private void providers(Map<String, String> ids) throws Exception {
        try (GitProviderStub gitlab = GitProviderStub.start("good-token")) {
            JsonNode provider = good(
                    "POST /git/providers",
                    mine("/git/providers")
                            .body(Map.of("type", "gitlab", "base_url", gitlab.url(), "access_token", "good-token")),
                    201);
            ids.put("providers", provider.path("id").asString());
            String repositories = "/git/providers/" + ids.get("providers") + "/repositories";
            good("GET /git/providers", mine("/git/providers"), 200);
            JsonNode listed = good("GET /git/providers/{providerId}/repositories", mine(repositories), 200);
            assertThat(listed.path(0).path("full_name").asString()).isEqualTo("grace/hello");
            bad(
                    "POST /git/providers",
                    mine("/git/providers")
                            .body(Map.of("type", "gitlab", "base_url", gitlab.url(), "access_token", "expired")),
                    400);
            gitlab.accept("another-token");
            bad("GET /git/providers/{providerId}/repositories", mine(repositories), 409);
            Sent replace = mine("/git/providers/" + ids.get("providers"));
            bad("PATCH /git/providers/{providerId}", replace.body(Map.of("access_token", "expired")), 400);
            good("PATCH /git/providers/{providerId}", replace.body(Map.of("access_token", "another-token")), 200);
            good("GET /git/providers/{providerId}/repositories", mine(repositories), 200);
        }
    }

    private void runs(Map<String, String> ids, ApiClient grace) throws Exception {
        String repository = platform.repository(Map.of()).url();
        JsonNode nightly = good(
                "POST /projects/{project_id}/services",
                services(ids)
                        .body(Map.of(
                                "name", "nightly",
                                "type", "cron",
                                "source", Map.of("type", "git", "repository", repository, "branch", "main"),
                                "build_config",
                                        Map.of(
                                                "builder_type",
                                                "dockerfile",
                                                "environment_variables",
                                                Map.of("BASE", platform.baseImage()),
                                                "start_command",
                                                "echo good night",
                                                "schedule",
                                                "0 3 * * *",
                                                "time_zone",
                                                "Europe/Berlin"),
                                "resources", Map.of("cpu", "0.5", "memory", "64Mi"))),
                201);
        String service = "/services/" + nightly.path("id").asString();
        JsonNode deployment = good(
                "POST /services/{id}/deployments",
                mine(service + "/deployments").body(Map.of()),
                201);
        JsonNode ended = platform.ended(grace, deployment.path("id").asString());
        assertThat(ended.path("status").asString()).as(ended.toString()).isEqualTo("deployed");
        JsonNode run = good("POST /services/{id}/runs", mine(service + "/runs"), 201);
        ids.put("runs", run.path("run").path("id").asString());
        good("GET /services/{id}/runs", mine(service + "/runs"), 200);
        good("GET /runs/{id}", mine("/runs/" + ids.get("runs")), 200);
        JsonNode succeeded = await("the run")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> grace.get("/runs/" + ids.get("runs")).path("run"),
                        shown -> shown.path("status").asString().equals("succeeded"));
        assertThat(succeeded.path("exit_code").asInt()).isZero();
    }

    private void webhooks(Map<String, String> ids) throws Exception {
        String webhook = "/services/" + ids.get("described") + "/webhook";
        good("GET /services/{id}/webhook", mine(webhook), 200);
        JsonNode enabled = good("POST /services/{id}/webhook", mine(webhook), 201);
        String name = "POST /webhooks/{provider}/{serviceId}";
        Sent delivery = Sent.to("/webhooks/gitlab/" + ids.get("described"))
                .header("X-Gitlab-Event", "Note Hook")
                .header("X-Gitlab-Token", enabled.path("secret").asString())
                .body(Map.of("object_kind", "note"));
        good(name, delivery, 200);
        bad(name, delivery.text("{", Sent.JSON).header("X-Gitlab-Event", "Push Hook"), 400);
        bad(name, delivery.header("X-Gitlab-Token", "guessed"), 401);
        bad(name, Sent.to("/webhooks/gitlab/" + NOBODY).body(Map.of()), 404);
        bad(name, delivery.text("\"" + "x".repeat(30 << 20) + "\"", Sent.JSON), 413);
        good("DELETE /services/{id}/webhook", mine(webhook), 204);
    }

    private Sent services(Map<String, String> ids) {
        return mine("/projects/" + ids.get("projects") + "/services");
    }

    private static Map<String, Object> described() {
        return Map.of(
                "name",
                "described",
                "type",
                "web",
                "source",
                Map.of("type", "image", "image", "registry.example.com/hello:1"),
                "build_config",
                Map.of("builder_type", "image", "start_command", "run"),
                "resources",
                Map.of("cpu", "0.5", "memory", "64Mi"));
    }

    private void withoutToken(Map<String, String> ids) throws Exception {
        for (Operation operation : operations()) {
            if (operation.needsToken()) {
                bad(operation.name(), Sent.to(path(operation, ids)), 401);
                bad(operation.name(), Sent.to(path(operation, ids)).as(tampered()), 401);
            }
        }
    }

    /** The same token with another signature. */
    private String tampered() {
        int dot = token.lastIndexOf('.') + 1;
        char first = token.charAt(dot);
        return token.substring(0, dot) + (first == 'A' ? 'B' : 'A') + token.substring(dot + 1);
    }

    private void ofNobodyAndOfOthers(Map<String, String> ids) throws Exception {
        String mallory = platform.user("mallory").token();
        for (Operation operation : operations()) {
            if (!operation.needsToken() || !operation.statuses().contains("404")) {
                continue;
            }
            Sent foreign = withBody(operation, Sent.to(path(operation, ids)).as(mallory));
            if (ids.containsKey(collection(operation)) && !isShared(operation)) {
                bad(operation.name(), foreign, 404);
            }
            for (String id : List.of(NOBODY, "no-such-id")) {
                bad(operation.name(), withBody(operation, mine(path(operation, id))), 404);
            }
        }
    }

    /** Something that everybody sees. */
    private static boolean isShared(Operation operation) {
        return operation.path().startsWith("/templates");
    }

    private void badBodies(Map<String, String> ids) throws Exception {
        for (Operation operation : operations()) {
            if (operation.body().isEmpty() || operation.path().startsWith("/webhooks")) {
                continue;
            }
            Sent to = mine(path(operation, ids));
            for (String broken : List.of("{", "[]", "\"text\"", "{\"name\": {\"a\": [", "\u0000")) {
                bad(operation.name(), to.text(broken, Sent.JSON), 400);
            }
            bad(operation.name(), to.text("{}", "text/plain"), 415);
            String large = "{\"name\": \"" + "x".repeat(11 << 20) + "\"}";
            bad(operation.name(), to.text(large, Sent.JSON), 413);
        }
    }

    private void badQueries(Map<String, String> ids) throws Exception {
        for (Operation operation : operations()) {
            Sent to = mine(path(operation, ids));
            for (String name : List.of("page", "limit")) {
                if (operation.hasParameter("query", name)) {
                    for (String value : List.of("0", "-1", "ten", "99999999999999999999")) {
                        bad(operation.name(), to.query(name, value), 400);
                    }
                }
            }
        }
        bad(
                "GET /services/{id}/logs",
                mine("/services/" + ids.get("services") + "/logs").query("tail", "x"),
                400);
        bad(
                "GET /services/{id}/logs",
                mine("/services/" + ids.get("services") + "/logs").query("follow", "x"),
                400);
        bad(
                "GET /deployments/{id}/logs",
                mine("/deployments/" + ids.get("deployments") + "/logs").query("type", "x"),
                400);
        bad("GET /builds", mine("/builds").query("status", "x"), 400);
        bad(
                "GET /builds/{id}/logs",
                mine("/builds/" + ids.get("builds") + "/logs").query("follow", "x"),
                400);
        bad("GET /audit-logs/{resource}/{id}", mine("/audit-logs/a%20b/c"), 400);
        bad("GET /audit-logs", mine("/audit-logs").query("resource", "a b"), 400);
    }

    /** A key that is malformed, and one that another request had. */
    private void idempotency(Map<String, String> ids) throws Exception {
        for (Operation operation : operations()) {
            if (!operation.hasParameter("header", "Idempotency-Key")) {
                continue;
            }
            String path = path(operation, operation.path().startsWith("/templates") ? "no-such-template" : NOBODY);
            bad(operation.name(), withBody(operation, mine(path)).header("Idempotency-Key", "x y"), 400);
            Sent first = withBody(operation, mine(path)).header("Idempotency-Key", "used-twice-" + run);
            client.send(operation, first);
            bad(operation.name(), first.query("again", "1"), 409);
        }
    }

    private void conflicts(Map<String, String> ids) throws Exception {
        bad("POST /builds/{id}/cancel", mine("/builds/" + ids.get("builds") + "/cancel"), 409);
        bad("POST /deployments/{id}/cancel", mine("/deployments/" + ids.get("deployments") + "/cancel"), 409);
        good(
                "POST /projects/{project_id}/services",
                services(ids).body(Map.of("name", "twice", "type", "worker")),
                201);
        bad("POST /projects/{project_id}/services", services(ids).body(Map.of("name", "twice", "type", "worker")), 409);
        bad("PUT /services/{id}", mine("/services/" + ids.get("described")).body(Map.of("name", "twice")), 409);
        bad(
                "POST /projects",
                mine("/projects")
                        .header("Idempotency-Key", "one-of-everything-" + run)
                        .body(Map.of("name", "another")),
                409);
    }

    private void removal(Map<String, String> ids) throws Exception {
        good("DELETE /git/providers/{providerId}", mine("/git/providers/" + ids.get("providers")), 204);
        good("DELETE /databases/{id}", mine("/databases/" + ids.get("databases")), 200);
        good("DELETE /services/{id}", mine("/services/" + ids.get("services")), 204);
        good("DELETE /projects/{id}", mine("/projects/" + ids.get("projects")), 204);
    }

    private Sent mine(String path) {
        return Sent.to(path).as(token);
    }

    /** With a body that is good enough to be refused for something else alone. */
    private static Sent withBody(Operation operation, Sent sent) {
        return switch (operation.name()) {
            case "POST /projects/{project_id}/services" -> sent.body(described());
            case "POST /databases" -> sent.body(DATABASE_OF_NOBODY);
            case "POST /databases/{id}/action" -> sent.body(Map.of("action", "start"));
            case "POST /databases/{id}/restore" -> sent.body(Map.of("backup_id", NOBODY));
            default -> operation.needsBody() ? sent.body(Map.of()) : sent;
        };
    }

    /** What a path's first id belongs to, such as {@code services}. */
    private static String collection(Operation operation) {
        String[] parts = operation.path().split("/");
        return parts[1].equals("git") ? "providers" : parts[1];
    }

    private static String path(Operation operation, Map<String, String> ids) {
        return path(operation, ids.getOrDefault(collection(operation), NOBODY));
    }

    static String path(Operation operation, String id) {
        return operation
                .path()
                .replace("{resource}", "project")
                .replace("{provider}", "gitlab")
                .replaceAll("\\{[^}]+}", id);
    }

    private JsonNode good(String name, Sent sent, int status) throws Exception {
        Operation operation = contract.operation(name);
        contract.problems(operation, sent).forEach(problem -> problems.add(name + " request: " + problem));
        Received received = exchange(operation, sent, status);
        return received.contentType() != null && received.contentType().startsWith(Sent.JSON)
                ? received.json()
                : NullNode.getInstance();
    }

    private void bad(String name, Sent sent, int status) throws Exception {
        Received received = exchange(contract.operation(name), sent, status);
        JsonNode error = received.json();
        if (!error.path("error").isString()
                || !error.path("code").isString()
                || !error.path("details").isObject()) {
            problems.add(name + " has an error of another shape: " + received);
        }
    }

    private Received exchange(Operation operation, Sent sent, int status) throws IOException, InterruptedException {
        Received received = client.send(operation, sent);
        if (received.status() == status) {
            table.note(operation, status);
        } else {
            problems.add(operation.name() + " should answer " + status + " to " + shortened(sent) + ": " + received);
        }
        contract.problems(operation, sent, received)
                .forEach(problem -> problems.add(operation.name() + " " + received.status() + ": " + problem));
        return received;
    }

    private static String shortened(Sent sent) {
        String text = sent.toString();
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
