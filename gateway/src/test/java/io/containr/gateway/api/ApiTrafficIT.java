package io.containr.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.gateway.Backend;
import io.containr.gateway.RunningGateway;
import io.containr.gateway.Visitor;
import io.containr.gateway.Visitor.Answer;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** The API's side of the gateway. Kafka is away all the time, which must not matter here. */
class ApiTrafficIT {

    private static final String API = "localhost";
    private static final String LIMITED_CLIENT = "203.0.113.7";
    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    static Path directory;

    private static RunningGateway gateway;
    private static Visitor visitor;
    private static Backend auth;
    private static Backend project;
    private static Backend build;
    private static Backend deploy;
    private static Backend agent;
    private static int auditPort;

    @BeforeAll
    static void start() {
        auth = Backend.start("auth");
        project = Backend.start("project");
        build = Backend.start("build");
        deploy = Backend.start("deploy");
        agent = Backend.start("agent");
        try (Backend audit = Backend.start("audit")) {
            auditPort = audit.port();
        }
        gateway = RunningGateway.start(
                directory,
                "127.0.0.1:1",
                "containr.services.auth.uri=" + auth.uri(),
                "containr.services.project.uri=" + project.uri(),
                "containr.services.build.uri=" + build.uri(),
                "containr.services.deploy.uri=" + deploy.uri(),
                "containr.services.database.uri=" + NOBODY,
                "containr.services.database.required=false",
                "containr.services.audit.uri=http://127.0.0.1:" + auditPort,
                "containr.services.agent.uri=" + agent.uri(),
                "containr.gateway.version=9.9.9",
                "containr.gateway.trusted-proxies=127.0.0.1",
                "containr.gateway.api.response-timeout=1500ms",
                "containr.gateway.api.max-request-body=1KB",
                "containr.gateway.api.cors-origins=https://dashboard.example",
                "containr.gateway.api.rate-limits.address.requests=5",
                "containr.gateway.api.rate-limits.address.per=1h",
                "containr.gateway.api.rate-limits.address.burst=5",
                "containr.gateway.api.rate-limits.login.requests=2",
                "containr.gateway.api.rate-limits.login.per=1h",
                "containr.gateway.api.rate-limits.login.burst=2",
                "containr.gateway.api.rate-limits.token.requests=3",
                "containr.gateway.api.rate-limits.token.per=1h",
                "containr.gateway.api.rate-limits.token.burst=3");
        visitor = gateway.visitor();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        List.of(auth, project, build, deploy, agent).forEach(Backend::close);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /auth/login, auth",
        "GET, /user/profile, auth",
        "GET, /projects, project",
        "GET, /projects/1/services, project",
        "PUT, /services/1, project",
        "POST, /services/1/start, project",
        "POST, /services/1/stop, project",
        "POST, /services/1/restart, project",
        "PUT, /services/1/variables, project",
        "DELETE, /services/1/variables/KEY, project",
        "GET, /templates, project",
        "POST, /templates/1/deploy, project",
        "GET, /git/providers, project",
        "POST, /webhooks/github/1, project",
        "POST, /services/1/webhook, project",
        "GET, /builds, build",
        "GET, /builds/1/logs, build",
        "GET, /services/1/deployments, deploy",
        "POST, /services/1/runs, deploy",
        "GET, /runs/1, deploy",
        "GET, /services/1/logs, deploy",
        "POST, /deployments/1/rollback, deploy",
        "GET, /deployments/1/logs, deploy"
    })
    void everyPathReachesItsServiceUnchanged(String method, String path, String service) {
        Answer answer = visitor.ask(HttpMethod.valueOf(method), API, "/api/v1" + path + "?a=%20b", "");

        assertThat(answer.json().get("name")).isEqualTo(service);
        assertThat(answer.json().get("uri")).isEqualTo("/api/v1" + path + "?a=%20b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/internal/projects/1",
                "/actuator/health",
                "/api/v1/internal/projects/1",
                "/api/v1/actuator/health",
                "/api/v1/services",
                "/api/v1/services/1/secrets",
                "/api/v2/projects",
                "/docs/../gateway.yml"
            })
    void whatIsNotListedDoesNotExist(String path) {
        Answer answer = visitor.get(API, path);

        assertThat(answer.status()).isIn(404, 400);
        assertThat(answer.json().get("code")).isIn("NOT_FOUND", "VALIDATION");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/projects/../../../internal/projects",
                "/api/v1/projects/%2e%2e/%2e%2e/internal",
                "/api/v1/projects/..;/internal",
                "/api/v1/projects//x",
                "/api/v1/projects/a%2fb",
                "/api/v1/projects/%252e%252e/x"
            })
    void aPathThatMayBeReadInTwoWaysIsRefused(String path) throws IOException {
        int before = project.requests();

        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"VALIDATION\"");
        assertThat(project.requests()).isEqualTo(before);
    }

    @Test
    void anUnknownPathIsNotFoundInTheApisShape() {
        Answer answer = visitor.get(API, "/nothing", "Accept", "text/html");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json()).isEqualTo(Map.of("error", "Not Found", "code", "NOT_FOUND", "details", Map.of()));
        assertThat(visitor.get(API, "/nothing", "Accept", "application/problem+json")
                        .json())
                .containsAllEntriesOf(Map.of("status", 404, "code", "NOT_FOUND"));
    }

    @Test
    void aServiceThatIsDownIsUnavailable() {
        Answer answer = visitor.get(API, "/api/v1/databases");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json())
                .isEqualTo(Map.of(
                        "error", "database-service is not available",
                        "code", "DEPENDENCY_UNAVAILABLE",
                        "details", Map.of()));
    }

    @Test
    void theBreakerOpensForAServiceThatIsGoneAndClosesWhenItIsBack() {
        CircuitBreaker breaker = gateway.bean(ServiceBreakers.class).breaker("audit-service");
        for (int i = 0; i < 20; i++) {
            assertThat(visitor.get(API, "/api/v1/audit-logs").status()).isEqualTo(503);
        }
        assertThat(breaker.getState()).isNotEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(visitor.get(API, "/api/v1/projects").status()).isEqualTo(200);

        try (Backend back = Backend.start("audit", auditPort)) {
            Awaitility.await()
                    .until(() -> visitor.get(API, "/api/v1/audit-logs").status() == 200
                            && breaker.getState() == CircuitBreaker.State.CLOSED);
            assertThat(back.requests()).isPositive();
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItsLengthIsKnownOrNot() {
        String tooLong = "x".repeat(1025);
        Answer announced = visitor.post(API, "/api/v1/projects", tooLong, "Content-Length", "1025");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.json().get("code")).isEqualTo("PAYLOAD_TOO_LARGE");

        Flux<io.netty.buffer.ByteBuf> chunks =
                Flux.range(0, 20).map(i -> Unpooled.copiedBuffer("x".repeat(100), StandardCharsets.UTF_8));
        assertThat(visitor.stream(API, "/api/v1/projects", chunks).status()).isEqualTo(413);

        assertThat(visitor.post(API, "/api/v1/projects", "x".repeat(1024)).status())
                .isEqualTo(200);
    }

    @Test
    void aClientThatAsksTooOftenIsToldWhenToComeBack() {
        for (int i = 0; i < 5; i++) {
            assertThat(visitor.get(API, "/api/v1/projects", "X-Forwarded-For", LIMITED_CLIENT)
                            .status())
                    .isEqualTo(200);
        }
        Answer answer = visitor.get(API, "/api/v1/projects", "X-Forwarded-For", LIMITED_CLIENT);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json().get("code")).isEqualTo("RATE_LIMITED");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 3600);
        assertThat(visitor.get(API, "/api/v1/projects").status()).isEqualTo(200);
    }

    @Test
    void attemptsToLogInAreLimitedMoreStrictly() {
        for (int i = 0; i < 2; i++) {
            assertThat(visitor.post(API, "/api/v1/auth/login", "{}", "X-Forwarded-For", "203.0.113.8")
                            .status())
                    .isEqualTo(200);
        }

        assertThat(visitor.post(API, "/api/v1/auth/login", "{}", "X-Forwarded-For", "203.0.113.8")
                        .status())
                .isEqualTo(429);
    }

    @Test
    void oneAccessTokenIsLimitedAcrossAddresses() {
        for (int i = 0; i < 3; i++) {
            assertThat(visitor.get(
                                    API,
                                    "/api/v1/projects",
                                    "Authorization",
                                    "Bearer shared",
                                    "X-Forwarded-For",
                                    "203.0.114." + i)
                            .status())
                    .isEqualTo(200);
        }

        assertThat(visitor.get(
                                API,
                                "/api/v1/projects",
                                "Authorization",
                                "Bearer shared",
                                "X-Forwarded-For",
                                "203.0.114.9")
                        .status())
                .isEqualTo(429);
    }

    @Test
    void aServiceLearnsTheTruthAboutTheSender() {
        String id = UUID.randomUUID().toString();
        Answer answer = visitor.get(API, "/api/v1/projects", "X-Forwarded-Proto", "https", "X-Request-Id", id);

        Map<?, ?> headers = (Map<?, ?>) answer.json().get("headers");
        assertThat(headers.get("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(headers.get("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(headers.get("X-Request-Id")).isEqualTo(id);
        assertThat(answer.header("X-Request-Id")).isEqualTo(id);
        assertThat(answer.header("Strict-Transport-Security")).isNotBlank();
    }

    @Test
    void answersOfTheApiForbidBrowsersWhatTheyNeedNot() {
        Answer answer = visitor.get(API, "/api/v1/projects");

        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void pagesOfConfiguredOriginsMayCallTheApiAndOthersMayNot() {
        Answer allowed = preflight("https://dashboard.example");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("https://dashboard.example");

        Answer refused = preflight("https://evil.example");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("Access-Control-Allow-Origin")).isNull();
    }

    private static Answer preflight(String origin) {
        return visitor.ask(
                HttpMethod.OPTIONS,
                API,
                "/api/v1/projects",
                "",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST");
    }

    @Test
    void logsAreFollowedForLongerThanAnAnswerMayTake() {
        List<String> lines = visitor.client()
                .headers(Visitor.with(API)::apply)
                .get()
                .uri("/api/v1/services/sse/logs?count=5&every=500")
                .responseContent()
                .asString()
                .flatMapIterable(
                        text -> text.lines().filter(line -> !line.isBlank()).toList())
                .collectList()
                .block(Duration.ofSeconds(20));

        assertThat(lines).hasSize(5);
    }

    @Test
    void healthTellsHowTheServicesAreAndWhatTheyLeanOn() {
        for (String path : List.of("/health", "/api/v1/health")) {
            Answer answer = visitor.get("127.0.0.1", path);
            Map<?, ?> health = answer.json();

            assertThat(answer.status()).as("audit-service is down").isEqualTo(503);
            assertThat(health.get("status")).isEqualTo("degraded");
            assertThat(health.get("service")).isEqualTo("containr-api");
            assertThat(health.get("version")).isEqualTo("9.9.9");
            assertThat((Map<?, ?>) health.get("dependencies"))
                    .isEqualTo(Map.ofEntries(
                            Map.entry("auth-service", "up"),
                            Map.entry("auth-service.db", "up"),
                            Map.entry("project-service", "up"),
                            Map.entry("project-service.db", "up"),
                            Map.entry("build-service", "up"),
                            Map.entry("build-service.db", "up"),
                            Map.entry("deploy-service", "up"),
                            Map.entry("deploy-service.db", "up"),
                            Map.entry("proxmox-agent", "down"),
                            Map.entry("proxmox-agent.db", "up"),
                            Map.entry("proxmox-agent.proxmox-api", "down"),
                            Map.entry("database-service", "absent"),
                            Map.entry("audit-service", "down")));
            assertThat(health.get("routes")).isEqualTo(Map.of("hosts", 0, "current", false));
        }
    }

    @Test
    void theContractIsServedWithAPageToReadIt() {
        assertThat(visitor.get(API, "/api/v1/openapi.yaml").body()).startsWith("openapi: 3");
        Answer page = visitor.get(API, "/docs");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("script-src 'self'");
        for (String asset : List.of("swagger-ui.css", "swagger-ui-bundle.js", "start.js")) {
            assertThat(page.body()).contains("/docs/" + asset);
            assertThat(visitor.get(API, "/docs/" + asset).status()).isEqualTo(200);
        }
        assertThat(visitor.get(API, "/docs/other.js").status()).isEqualTo(404);
    }

    @Test
    void operatorsSeeProbesAndMetricsOnAPortOfTheirOwn() {
        Visitor operator = gateway.operator();

        assertThat(operator.get("gateway.internal", "/actuator/health/liveness").status())
                .isEqualTo(200);
        assertThat(operator.get("gateway.internal", "/actuator/health/readiness")
                        .status())
                .isEqualTo(503);
        assertThat(operator.get("gateway.internal", "/actuator/prometheus").body())
                .contains("containr_gateway_routes", "resilience4j_circuitbreaker_state");
        assertThat(operator.get("gateway.internal", "/actuator/env").status()).isEqualTo(404);
    }

    @Test
    void whileNoRouteIsKnownAnApplicationIsUnavailableRatherThanUnknown() {
        assertThat(visitor.get("app.apps.localhost", "/").status()).isEqualTo(503);
    }

    @Test
    void aServiceThatIsSilentOrBreaksOffIsToldApart() {
        Awaitility.await().until(() -> visitor.get(API, "/api/v1/builds").status() == 200);

        assertThat(visitor.get(API, "/api/v1/builds/slow?ms=4000").status()).isEqualTo(504);
        assertThat(visitor.get(API, "/api/v1/builds/cut").status()).isEqualTo(502);
    }

    @Test
    void aRequestThatCannotBeReadIsRefusedInTheOneShape() throws IOException {
        String head = " HTTP/1.1\r\nHost: localhost\r\n";

        assertThat(raw("GET /api/v1/projects?x=" + "y".repeat(40_000) + head + "\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .endsWith("{\"error\":\"The URI is too long\",\"code\":\"URI_TOO_LONG\",\"details\":{}}");
        assertThat(raw("GET /api/v1/projects" + head + "X-Large: " + "y".repeat(40_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .endsWith("\"code\":\"HEADERS_TOO_LARGE\",\"details\":{}}");
        assertThat(raw("GET /api/v1/projects" + head + "no header\u0001\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("\"code\":\"VALIDATION\",\"details\":{}}");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
