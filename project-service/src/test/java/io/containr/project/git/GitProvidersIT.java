package io.containr.project.git;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceSpec;
import io.containr.project.Api;
import io.containr.project.ProviderStub;
import io.containr.project.RunningService;
import io.containr.project.Waiting;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;

@RunningService
class GitProvidersIT {

    private static final String PROVIDERS = "/api/v1/git/providers";

    private final WireMockServer stub = ProviderStub.server();
    /** Each test has a self-hosted provider of its own. */
    private final String path = "/" + UUID.randomUUID();

    private final String token = "tok-" + UUID.randomUUID();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private SecretBox box;

    @Autowired
    private TransactionOperations transaction;

    private Api ada;

    @BeforeEach
    void newUser() {
        ada = Api.newUser(port);
    }

    @Test
    void gitHubTokenIsVerifiedSealedAndNeverShown() {
        answer(
                get(path + "/api/v3/user")
                        .withHeader("Authorization", equalTo("Bearer " + token))
                        .withHeader("Accept", equalTo("application/vnd.github+json"))
                        .withHeader("X-GitHub-Api-Version", equalTo("2022-11-28")),
                okJson("{\"login\":\"octocat\",\"id\":1}"));

        Api.Answer added = add("github", path, token).expect(201);

        assertThat(added.json().propertyNames())
                .containsExactlyInAnyOrder("id", "type", "name", "base_url", "account", "created_at");
        assertThat(added.text("name")).isEqualTo("GitHub");
        assertThat(added.text("account")).isEqualTo("octocat");
        assertThat(ada.get(PROVIDERS).expect(200).json().get(0)).isEqualTo(added.json());
        assertThat(jdbc.sql("select token from git_provider where id = :id")
                        .param("id", UUID.fromString(added.text("id")))
                        .query(String.class)
                        .single())
                .doesNotContain(token);
    }

    @Test
    void gitHubRepositoriesAreListedOverAllPagesUpToTheLimit() {
        String id = addGitHub();
        String list = path + "/api/v3/user/repos";
        page(list + "?per_page=100&sort=full_name", list + "?page=2", gitHubRepository(1) + "," + gitHubRepository(2));
        page(list + "?page=2", list + "?page=3", gitHubRepository(3) + "," + gitHubRepository(4));
        page(list + "?page=3", list + "?page=4", gitHubRepository(5) + "," + gitHubRepository(6));

        JsonNode repositories = repositories(id).expect(200).json();

        assertThat(repositories.values())
                .extracting(repository -> repository.path("id").asString())
                .containsExactly("1", "2", "3", "4", "5");
        assertThat(repositories.get(0).toString())
                .isEqualTo("{\"id\":\"1\",\"name\":\"r1\",\"full_name\":\"ada/r1\",\"description\":\"About r1\","
                        + "\"private\":true,\"default_branch\":\"main\",\"clone_url\":\"https://github.test/ada/r1.git\","
                        + "\"web_url\":\"https://github.test/ada/r1\"}");
    }

    @Test
    void gitLabRepositoriesAreListedByLinksAndByPageNumbers() {
        answer(get(path + "/api/v4/user").withHeader("Authorization", equalTo("Bearer " + token)), okJson("""
                {"id":7,"username":"ada"}"""));
        String id = add("gitlab", path + "/api/v4/", token).expect(201).text("id");
        String list = path + "/api/v4/projects?membership=true&archived=false&order_by=id&sort=asc&per_page=100";
        page(list, list + "&page=2", gitLabProject(1, "private"));
        answer(
                get(list + "&page=2"),
                okJson("[" + gitLabProject(2, "internal") + "]").withHeader("X-Next-Page", "3"));
        answer(
                get(list + "&page=3"),
                okJson("[" + gitLabProject(3, "public") + "]").withHeader("X-Next-Page", ""));

        JsonNode repositories = repositories(id).expect(200).json();

        assertThat(repositories.values())
                .extracting(repository -> repository.path("full_name").asString()
                        + repository.path("private").asBoolean()
                        + repository.path("clone_url").asString())
                .containsExactly(
                        "team/p1truehttps://gitlab.test/team/p1.git",
                        "team/p2truehttps://gitlab.test/team/p2.git",
                        "team/p3falsehttps://gitlab.test/team/p3.git");
    }

    @Test
    void bitbucketRepositoriesAreListedOfEachWorkspace() {
        String secret = "ada@example.com:" + token;
        String basic = "Basic " + Base64.getEncoder().encodeToString(secret.getBytes());
        String api = "/bitbucket/2.0";
        answer(get(api + "/user").withHeader("Authorization", equalTo(basic)), okJson("""
                {"type":"user","uuid":"{u}","display_name":"Ada","username":"ada"}"""));
        answer(get(api + "/user/workspaces?pagelen=1").withHeader("Authorization", equalTo(basic)), okJson("""
                {"values":[]}"""));
        answer(get(api + "/user/workspaces?pagelen=100").withHeader("Authorization", equalTo(basic)), okJson("""
                {"values":[{"type":"workspace_access","workspace":{"slug":"one"}},{"workspace":{"slug":"two"}}]}"""));
        answer(
                get(api + "/repositories/one?role=member&pagelen=100").withHeader("Authorization", equalTo(basic)),
                okJson("{\"values\":[" + bitbucketRepository("one", "a") + "],\"next\":\"" + ProviderStub.url() + api
                        + "/repositories/one?page=2\"}"));
        answer(
                get(api + "/repositories/one?page=2").withHeader("Authorization", equalTo(basic)),
                okJson("{\"values\":[" + bitbucketRepository("one", "b") + "]}"));
        answer(
                get(api + "/repositories/two?role=member&pagelen=100").withHeader("Authorization", equalTo(basic)),
                okJson("{\"values\":[" + bitbucketRepository("two", "c") + "]}"));
        String id = add("bitbucket", null, secret).expect(201).text("id");

        JsonNode repositories = repositories(id).expect(200).json();

        assertThat(repositories.values())
                .extracting(repository -> repository.path("full_name").asString())
                .containsExactly("one/a", "one/b", "two/c");
        assertThat(repositories.get(0).path("clone_url").asString()).isEqualTo("https://bitbucket.org/one/a.git");
        assertThat(repositories.get(0).path("default_branch").asString()).isEqualTo("trunk");
        assertThat(add("bitbucket", path, secret).expect(400).problem("base_url"))
                .isEqualTo("is not for Bitbucket, whose cloud alone speaks this API");
    }

    @Test
    void giteaRepositoriesAreListed() {
        String id = addGitea();
        String list = path + "/api/v1/user/repos";
        page(list + "?limit=50&page=1", list + "?limit=50&page=2", gitHubRepository(1));
        answer(get(list + "?limit=50&page=2"), okJson("[" + gitHubRepository(2) + "]"));

        assertThat(repositories(id).expect(200).json().values())
                .extracting(repository -> repository.path("full_name").asString())
                .containsExactly("ada/r1", "ada/r2");
    }

    @ParameterizedTest
    @CsvSource({
        "github, /api/v3/user, 401, '{\"message\":\"Bad credentials\"}', was refused by GitHub",
        "gitlab, /api/v4/user, 401, '{\"message\":\"401 Unauthorized\"}', was refused by GitLab",
        "gitea, /api/v1/user, 401, '{\"message\":\"invalid username, password or token\"}', was refused by Gitea",
        "gitlab, /api/v4/user, 403, '{\"error\":\"insufficient_scope\"}', lacks the permission to read the user and repositories at GitLab",
    })
    void badTokenIsRefused(String type, String user, int status, String body, String problem) {
        answer(get(path + user), aResponse().withStatus(status).withBody(body));

        Api.Answer answer = add(type, path, token).expect(400);

        assertThat(answer.problem("access_token")).isEqualTo(problem);
        assertThat(answer.body()).doesNotContain(token);
        assertThat(ada.get(PROVIDERS).expect(200).body()).isEqualTo("[]");
    }

    @Test
    void expiredTokenRateLimitAndOutageAreToldApart() {
        String id = addGitHub();
        String list = path + "/api/v3/user/repos";

        answer(get(urlPathEqualTo(list)), aResponse().withStatus(401));
        assertThat(repositories(id)
                        .expect(409)
                        .json()
                        .path("details")
                        .path("reason")
                        .asString())
                .isEqualTo("token_refused");

        answer(
                get(urlPathEqualTo(list)),
                aResponse().withStatus(403).withBody("{\"message\":\"Resource not accessible\"}"));
        assertThat(repositories(id)
                        .expect(409)
                        .json()
                        .path("details")
                        .path("reason")
                        .asString())
                .isEqualTo("token_lacks_permission");

        answer(
                get(urlPathEqualTo(list)),
                aResponse()
                        .withStatus(403)
                        .withHeader("X-RateLimit-Remaining", "0")
                        .withHeader(
                                "X-RateLimit-Reset",
                                Long.toString(Instant.now().plusSeconds(120).getEpochSecond())));
        assertThat(retryAfter(repositories(id).expect(429))).isBetween(100L, 120L);

        answer(get(urlPathEqualTo(list)), aResponse().withStatus(429).withHeader("Retry-After", "30"));
        assertThat(retryAfter(repositories(id).expect(429))).isEqualTo(30);

        answer(
                get(urlPathEqualTo(list)),
                aResponse().withStatus(403).withBody("{\"message\":\"You have exceeded a secondary rate limit\"}"));
        assertThat(repositories(id).expect(429).response().headers().firstValue("Retry-After"))
                .isEmpty();

        answer(get(urlPathEqualTo(list)), aResponse().withStatus(502));
        assertThat(repositories(id).expect(503).text("code")).isEqualTo("DEPENDENCY_UNAVAILABLE");

        answer(get(urlPathEqualTo(list)), aResponse().withBody("<html>Maintenance</html>"));
        repositories(id).expect(503);

        answer(get(urlPathEqualTo(list)), okJson("[{\"id\":{}}]"));
        repositories(id).expect(503);

        answer(get(urlPathEqualTo(list)), aResponse().withBody("[ ]").withChunkedDribbleDelay(3, 20_000));
        repositories(id).expect(503);
    }

    @Test
    void absentProviderIsUnavailableAndNothingIsKept() {
        Api.Answer answer = ada.post(
                        PROVIDERS,
                        "{\"type\":\"gitea\",\"access_token\":\"" + token + "\",\"base_url\":\"http://127.0.0.1:1\"}")
                .expect(503);

        assertThat(answer.body()).doesNotContain(token);
        assertThat(ada.get(PROVIDERS).expect(200).body()).isEqualTo("[]");
    }

    @Test
    void whatIsNoProviderIsNamed() {
        answer(get(path + "/api/v1/user"), aResponse().withBody("<html>Welcome</html>"));
        assertThat(add("gitea", path, token).expect(400).problem("base_url"))
                .isEqualTo("does not answer as the API of a Gitea");

        answer(get(path + "/api/v3/user"), aResponse().withStatus(404));
        assertThat(add("github", path, token).expect(400).problem("base_url"))
                .isEqualTo("does not answer as the API of a GitHub");
    }

    @Test
    void tokenFollowsNoRedirectAndNoPageToAnotherHost() {
        String elsewhere = "http://127.0.0.2:" + stub.port() + path + "/elsewhere";
        answer(get(path + "/elsewhere"), okJson("{\"login\":\"mallory\"}"));
        answer(get(path + "/api/v3/user"), aResponse().withStatus(302).withHeader("Location", elsewhere));
        add("github", path, token).expect(400);
        answer(
                get(path + "/api/v3/user"),
                aResponse().withStatus(301).withHeader("Location", ProviderStub.url() + path + "/elsewhere"));
        add("github", path, token).expect(400);

        String id = addGitHub();
        answer(
                get(urlPathEqualTo(path + "/api/v3/user/repos")),
                okJson("[" + gitHubRepository(1) + "]").withHeader("Link", "<" + elsewhere + ">; rel=\"next\""));
        repositories(id).expect(503);

        stub.verify(0, getRequestedFor(urlEqualTo(path + "/elsewhere")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://localhost",
                "https://localhost:6443/x",
                "https://10.1.2.3",
                "https://169.254.169.254",
                "https://[::1]",
                "https://192.168.0.1:8006"
            })
    void hostsOfThePlatformsOwnNetworkAreRefused(String baseUrl) {
        assertThat(addAt(baseUrl).expect(400).problem("base_url"))
                .isEqualTo("must lead to a public address, unless an operator allows its host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://git.example.com",
                "ftp://git.example.com",
                "https://ada:pass@git.example.com",
                "https://git.example.com?x=1",
                "https://git.example.com/../x",
                "git.example.com",
                "https://",
                "https://ex ample.com"
            })
    void malformedAddressesAreNamed(String baseUrl) {
        assertThat(addAt(baseUrl).expect(400).problem("base_url")).startsWith("must be");
    }

    @Test
    void everythingWrongIsNamedAtOnce() {
        Api.Answer answer = ada.post(PROVIDERS, "{\"type\":\"svn\",\"access_token\":\"a\\nb\",\"name\":\"a\\u0007\"}")
                .expect(400);

        assertThat(answer.problem("type")).isEqualTo("must be one of github, gitlab, bitbucket, gitea");
        assertThat(answer.problem("access_token")).isEqualTo("must be 1 to 4096 visible ASCII characters");
        assertThat(answer.problem("name")).isEqualTo("must not contain control characters");
        assertThat(ada.post(PROVIDERS, "{}").expect(400).problem("access_token"))
                .isEqualTo("is required");
    }

    @Test
    void providerExistsForItsOwnerAlone() {
        String id = addGitea();
        Api eve = Api.newUser(port);

        assertThat(eve.get(PROVIDERS).expect(200).body()).isEqualTo("[]");
        eve.get(PROVIDERS + "/" + id + "/repositories").expect(404);
        eve.delete(PROVIDERS + "/" + id).expect(404);
        ada.get(PROVIDERS + "/nonsense/repositories").expect(404);

        assertThat(ada.delete(PROVIDERS + "/" + id).expect(204).body()).isEmpty();
        repositories(id).expect(404);
        ada.delete(PROVIDERS + "/" + id).expect(404);
        stub.verify(0, getRequestedFor(anyUrl()).withHeader("Authorization", absent()));
    }

    @Test
    void serviceIsFetchedWithItsProvidersTokenUntilThatIsDeleted() {
        String provider = addGitea();
        String repository = ProviderStub.url() + path + "/ada/app.git";
        String project = ada.newProject("shop");
        try (TestMessages messages = new TestMessages()) {
            Api.Answer created = ada.post(
                            "/api/v1/projects/" + project + "/services",
                            "{\"name\":\"web\",\"type\":\"web\"," + source(repository, provider) + "}")
                    .expect(201);
            ServiceId id = ServiceId.of(created.text("id"));
            assertThat(created.json().path("source").path("git_provider_id").asString())
                    .isEqualTo(provider);
            assertThat(created.body()).doesNotContain(token);

            GitCredential told = Objects.requireNonNull(messages.await(
                            ServiceCreated.class,
                            event -> event.spec().service().equals(id))
                    .spec()
                    .gitCredential());
            assertThat(told.username()).isEqualTo("ada");
            assertThat(box.open(told.token(), ServiceSpec.sealedFor(id, GitCredential.NAME)))
                    .isEqualTo(token);
            assertThat(told.toString()).doesNotContain(token);

            ada.put("/api/v1/services/" + id, "{\"name\":\"other\"}").expect(200);
            assertThat(updated(messages, id, 2).gitCredential()).isEqualTo(told);
            ada.put("/api/v1/services/" + id, "{" + source(repository, provider) + "}")
                    .expect(200);

            ada.delete(PROVIDERS + "/" + provider).expect(204);
            assertThat(updated(messages, id, 3).gitCredential()).isNull();
            assertThat(ada.get("/api/v1/services/" + id).json().path("source").has("git_provider_id"))
                    .isFalse();
            assertThat(jdbc.sql("select git_credential from service where id = :id")
                            .param("id", id.value())
                            .query((rs, row) -> String.valueOf(rs.getString(1)))
                            .single())
                    .isEqualTo("null");
        }
    }

    @Test
    void providerMustBeTheOwnersAndAtTheRepositorysHost() {
        String provider = addGitea();
        String field = "source.git_provider_id";
        String elsewhere = "is at another address than the repository, which must begin with " + ProviderStub.url();
        String here = ProviderStub.url() + path + "/ada/app.git";
        Api eve = Api.newUser(port);

        assertThat(create(eve, here, provider).expect(400).problem(field)).isEqualTo("is none of your Git providers");
        assertThat(create(ada, here, UUID.randomUUID().toString()).expect(400).problem(field))
                .isEqualTo("is none of your Git providers");
        assertThat(create(ada, here, "nonsense").expect(400).problem(field)).isEqualTo("is none of your Git providers");
        for (String other : List.of(
                "https://github.com/ada/app",
                "http://127.0.0.1/ada/app",
                "http://127.0.0.1.example.com:" + stub.port() + "/ada/app",
                here.replace("http:", "https:"),
                "git@127.0.0.1:ada/app",
                "ssh://git@127.0.0.1:" + stub.port() + "/ada/app")) {
            assertThat(create(ada, other, provider).expect(400).problem(field)).isEqualTo(elsewhere);
        }
    }

    private Api.Answer create(Api user, String repository, String provider) {
        String project = user.get("/api/v1/projects")
                .json()
                .path("projects")
                .path(0)
                .path("id")
                .asString("");
        return user.post(
                "/api/v1/projects/" + (project.isEmpty() ? user.newProject("shop") : project) + "/services",
                "{\"name\":\"web\",\"type\":\"web\"," + source(repository, provider) + "}");
    }

    private static String source(String repository, String provider) {
        return "\"source\":{\"type\":\"git\",\"repository\":\"" + repository + "\",\"git_provider_id\":\"" + provider
                + "\"}";
    }

    @Test
    void anotherTokenIsTriedAndThenUsedEverywhere() {
        String id = addGitea();
        String service = serviceOf(id, "app");
        String next = "tok-" + UUID.randomUUID();
        answer(get(path + "/api/v1/user").withHeader("Authorization", equalTo("token " + next)), okJson("""
                {"id":2,"login":"ada-too"}"""));
        answer(
                get(path + "/api/v1/user").withHeader("Authorization", equalTo("token refused")),
                aResponse().withStatus(401));

        assertThat(patch(id, "{\"access_token\":\"refused\"}").expect(400).problem("access_token"))
                .isEqualTo("was refused by Gitea");
        assertThat(patch(id, "{}").expect(400).problem("access_token")).isNotEmpty();
        Api.newUser(port).patch(PROVIDERS + "/" + id, "{}").expect(404);
        try (TestMessages messages = new TestMessages()) {
            assertThat(patch(id, "{\"access_token\":\"" + next + "\"}")
                            .expect(200)
                            .text("account"))
                    .isEqualTo("ada-too");
            ServiceId known = ServiceId.of(service);
            GitCredential credential =
                    Objects.requireNonNull(updated(messages, known, 2).gitCredential());
            assertThat(credential.username()).isEqualTo("ada-too");
            assertThat(box.open(credential.token(), ServiceSpec.sealedFor(known, GitCredential.NAME)))
                    .isEqualTo(next);
        }
        answer(
                get(urlPathEqualTo(path + "/api/v1/user/repos")).withHeader("Authorization", equalTo("token " + next)),
                okJson("[]"));
        repositories(id).expect(200);
    }

    @Test
    void deletionAndARedefinitionOfAServiceDoNotStandInEachOthersWay() throws Exception {
        String id = addGitea();
        String service = serviceOf(id, "app");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            transaction.executeWithoutResult(status -> {
                jdbc.sql("select id from git_provider where id = :id for update")
                        .param("id", UUID.fromString(id))
                        .query(UUID.class)
                        .single();
                answers.add(
                        clients.submit(() -> ada.delete(PROVIDERS + "/" + id).status()));
                Waiting.until(jdbc, 1);
                answers.add(clients.submit(
                        () -> ada.put("/api/v1/services/" + service, "{\"source\":" + sourceAt(id, "other") + "}")
                                .status()));
                Waiting.until(jdbc, 2);
            });
            assertThat(answers.get(0).get()).isEqualTo(204);
            assertThat(answers.get(1).get()).isEqualTo(400);
        }
    }

    private Api.Answer patch(String id, String body) {
        return ada.patch(PROVIDERS + "/" + id, body);
    }

    private String serviceOf(String provider, String repository) {
        return ada.post(
                        "/api/v1/projects/" + ada.newProject("shop") + "/services",
                        "{\"name\":\"web\",\"type\":\"web\",\"source\":" + sourceAt(provider, repository) + "}")
                .expect(201)
                .text("id");
    }

    private String sourceAt(String provider, String repository) {
        return "{\"type\":\"git\",\"git_provider_id\":\"" + provider + "\",\"repository\":\"" + ProviderStub.url()
                + path + "/ada/" + repository + ".git\"}";
    }

    private static ServiceSpec updated(TestMessages messages, ServiceId id, long revision) {
        return messages.await(
                        ServiceUpdated.class,
                        event -> event.spec().service().equals(id)
                                && event.spec().revision() == revision)
                .spec();
    }

    private String addGitHub() {
        answer(get(path + "/api/v3/user"), okJson("{\"login\":\"octocat\"}"));
        return add("github", path, token).expect(201).text("id");
    }

    private String addGitea() {
        answer(get(path + "/api/v1/user").withHeader("Authorization", equalTo("token " + token)), okJson("""
                {"id":1,"login":"ada"}"""));
        return add("gitea", path, token).expect(201).text("id");
    }

    private Api.Answer add(String type, String below, String secret) {
        String baseUrl = below == null ? "" : ",\"base_url\":\"" + ProviderStub.url() + below + "\"";
        return ada.post(PROVIDERS, "{\"type\":\"" + type + "\",\"access_token\":\"" + secret + "\"" + baseUrl + "}");
    }

    private Api.Answer addAt(String baseUrl) {
        return ada.post(
                PROVIDERS, "{\"type\":\"gitlab\",\"access_token\":\"" + token + "\",\"base_url\":\"" + baseUrl + "\"}");
    }

    private Api.Answer repositories(String id) {
        return ada.get(PROVIDERS + "/" + id + "/repositories");
    }

    private void answer(MappingBuilder request, ResponseDefinitionBuilder response) {
        stub.stubFor(request.willReturn(response));
    }

    private void page(String address, String next, String items) {
        answer(
                get(address),
                okJson("[" + items + "]")
                        .withHeader(
                                "Link",
                                "<" + ProviderStub.url() + next + ">; rel=\"next\", <" + ProviderStub.url()
                                        + "/last>; rel=\"last\""));
    }

    private static long retryAfter(Api.Answer answer) {
        return answer.response().headers().firstValueAsLong("Retry-After").orElseThrow();
    }

    private static String gitHubRepository(int id) {
        return """
                {"id":%1$d,"node_id":"x","name":"r%1$d","full_name":"ada/r%1$d","private":true,"description":"About r%1$d",
                 "html_url":"https://github.test/ada/r%1$d","clone_url":"https://github.test/ada/r%1$d.git",
                 "default_branch":"main"}""".formatted(id);
    }

    private static String gitLabProject(int id, String visibility) {
        return """
                {"id":%1$d,"name":"p%1$d","path_with_namespace":"team/p%1$d","description":null,"visibility":"%2$s",
                 "http_url_to_repo":"https://gitlab.test/team/p%1$d.git","web_url":"https://gitlab.test/team/p%1$d",
                 "default_branch":"main"}""".formatted(id, visibility);
    }

    private static String bitbucketRepository(String workspace, String name) {
        return """
                {"uuid":"{%2$s}","name":"%2$s","full_name":"%1$s/%2$s","is_private":true,"description":"",
                 "mainbranch":{"type":"branch","name":"trunk"},
                 "links":{"html":{"href":"https://bitbucket.org/%1$s/%2$s"},
                          "clone":[{"name":"https","href":"https://ada@bitbucket.org/%1$s/%2$s.git"},
                                   {"name":"ssh","href":"git@bitbucket.org:%1$s/%2$s.git"}]}}""".formatted(workspace, name);
    }
}
