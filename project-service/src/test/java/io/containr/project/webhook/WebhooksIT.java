package io.containr.project.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.project.Api;
import io.containr.project.RunningService;
import io.containr.project.Waiting;
import io.containr.testing.TestMessages;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@RunningService
class WebhooksIT {

    private static final String ZEROS = "0".repeat(40);

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionOperations transaction;

    private Api ada;
    private String project;
    private String service;
    private Hook hook;
    private final String before = hash();
    private final String head = hash();
    private final String delivery = UUID.randomUUID().toString();

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newService() {
        ada = Api.newUser(port);
        project = ada.newProject("shop");
        service = newService("web", "", "");
        hook = Hook.enable(ada, port, service);
    }

    @Test
    void secretIsShownOnceAndCanBeReplaced() {
        String path = "/api/v1/services/" + service + "/webhook";

        assertThat(hook.secret()).matches("whsec_[A-Za-z0-9+/]{43}=");
        Api.Answer shown = ada.get(path).expect(200);
        assertThat(shown.json().propertyNames())
                .containsExactlyInAnyOrder("enabled", "urls", "created_at", "rotated_at");
        assertThat(shown.json().path("urls").path("github").asString())
                .isEqualTo("http://localhost:8080/api/v1/webhooks/github/" + service);
        assertThat(jdbc.sql("select secret from webhook where service_id = :id")
                        .param("id", UUID.fromString(service))
                        .query(String.class)
                        .single())
                .doesNotContain(hook.secret());
        hook.gitHub("ping", "{}").expect(200);

        Hook rotated = Hook.enable(ada, port, service);
        assertThat(rotated.secret()).isNotEqualTo(hook.secret());
        hook.gitHub("ping", "{}").expect(401);
        assertThat(rotated.gitHub("ping", "{\"zen\":\"x\"}").expect(200).text("status"))
                .isEqualTo("pong");

        ada.delete(path).expect(204);
        rotated.gitHub("ping", "{}").expect(404);
        assertThat(ada.get(path).expect(200).json().path("enabled").asBoolean()).isFalse();
        ada.delete(path).expect(404);
    }

    @Test
    void webhookExistsForTheServicesOwnerAlone() {
        Api eve = Api.newUser(port);
        String path = "/api/v1/services/" + service + "/webhook";

        eve.get(path).expect(404);
        eve.post(path, "").expect(404);
        eve.delete(path).expect(404);
        hook.gitHub("ping", "{}").expect(200);
    }

    @Test
    void webhookOfAServiceThatIsBeingDeletedIsNotEnabled() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> answer = transaction.execute(status -> {
                jdbc.sql("delete from service where id = :id")
                        .param("id", UUID.fromString(service))
                        .update();
                Future<Integer> enabled = clients.submit(() ->
                        ada.post("/api/v1/services/" + service + "/webhook", "").status());
                Waiting.until(jdbc, 1);
                return enabled;
            });
            assertThat(answer.get()).isEqualTo(404);
        }
    }

    @Test
    void gitHubPushIsToldOnceHoweverOftenItIsDelivered() {
        String body = gitHub("main", before, head, "Say hello\\n\\nand more", "src/a.txt");

        assertThat(hook.gitHub("push", body, delivery).expect(200).body()).isEqualTo("{\"status\":\"accepted\"}");
        assertThat(hook.gitHub("push", body, delivery).expect(200).text("status"))
                .isEqualTo("repeated");

        assertThat(told())
                .isEqualTo(new PushReceived(
                        ServiceId.of(service),
                        ProjectId.of(project),
                        ada.user(),
                        "github",
                        delivery,
                        "main",
                        head,
                        "Say hello",
                        "Ada Example <ada@example.com>"));
        assertThat(hook.gitHub("push", gitHub("main", head, hash(), "Next", "b"))
                        .expect(200)
                        .text("status"))
                .isEqualTo("accepted");
        Awaitility.await().until(() -> allTold().size() == 2);
    }

    @Test
    void gitLabPushIsProvenByItsTokenOrByAStandardSignature() {
        long now = Instant.now().getEpochSecond();
        String body = gitLab(before, head, 1);

        assertThat(hook.gitLab(body, delivery).expect(200).text("status")).isEqualTo("accepted");
        assertThat(hook.gitLabSigned(body, delivery, now).expect(200).text("status"))
                .isEqualTo("repeated");
        assertThat(hook.gitLabSigned(gitLab(head, hash(), 1), "other", now)
                        .expect(200)
                        .text("status"))
                .isEqualTo("accepted");
        hook.gitLabSigned(body, "old", now - 600).expect(401);
        hook.gitLabSigned(body, "early", now + 600).expect(401);
        new Hook(port, service, "whsec_" + "A".repeat(43) + "=")
                .gitLabSigned(body, "forged", now)
                .expect(401);
        new Hook(port, service, hook.secret() + "x").gitLab(body, "forged").expect(401);

        assertThat(told())
                .isEqualTo(new PushReceived(
                        ServiceId.of(service),
                        ProjectId.of(project),
                        ada.user(),
                        "gitlab",
                        delivery,
                        "main",
                        head,
                        "Say hello",
                        "Ada Example <ada@example.com>"));
    }

    @Test
    void bitbucketPushNamesTheBranchAmongItsChanges() {
        ada.put("/api/v1/services/" + service, source("main", "")).expect(200);
        String body = """
                {"repository":{"full_name":"Team/App","type":"repository"},"push":{"changes":[
                 {"new":{"type":"tag","name":"v1","target":{"hash":"%1$s"}},"old":null},
                 {"new":{"type":"branch","name":"other","target":{"hash":"%1$s"}},"old":null},
                 {"new":{"type":"branch","name":"main","target":{"hash":"%2$s","message":"Say hello\\n",
                   "author":{"raw":"Ada Example <ada@example.com>"}}},
                  "old":{"type":"branch","name":"main","target":{"hash":"%3$s"}}}]}}""".formatted(hash(), head, before);

        assertThat(hook.bitbucket("repo:push", body, delivery).expect(200).text("status"))
                .isEqualTo("accepted");
        assertThat(hook.bitbucket("repo:push", body, delivery).expect(200).text("status"))
                .isEqualTo("repeated");
        assertThat(hook.bitbucket("pullrequest:created", "{}", "x").expect(200).text("status"))
                .isEqualTo("ignored");
        new Hook(port, service, "wrong").bitbucket("repo:push", body, "forged").expect(401);

        assertThat(told().commit()).isEqualTo(head);
        assertThat(told().message()).isEqualTo("Say hello");
        assertThat(told().author()).isEqualTo("Ada Example <ada@example.com>");
    }

    @Test
    void giteaPushIsTold() {
        String body = gitHub("main", before, head, "Say hello", "a");

        assertThat(hook.gitea(body, delivery).expect(200).text("status")).isEqualTo("accepted");
        assertThat(hook.gitea(body, delivery).expect(200).text("status")).isEqualTo("repeated");
        new Hook(port, service, "wrong").gitea(body, "forged").expect(401);

        assertThat(told().provider()).isEqualTo("gitea");
    }

    @Test
    void formIsReadLikeJson() {
        String form =
                "payload=" + URLEncoder.encode(gitHub("main", before, head, "Say hello", "a"), StandardCharsets.UTF_8);
        Map<String, String> headers = hook.gitHubHeaders("push", form, delivery);
        headers.put("Content-Type", "application/x-www-form-urlencoded");

        assertThat(hook.send("github", form, headers).expect(200).text("status"))
                .isEqualTo("accepted");
        assertThat(told().commit()).isEqualTo(head);
    }

    @Test
    void whatIsNotSignedIsNotBelieved() {
        String body = gitHub("main", before, head, "Say hello", "a");
        Map<String, String> headers = hook.gitHubHeaders("push", body, delivery);

        hook.send("github", body + " ", headers).expect(401);
        hook.send("gitea", body, headers).expect(401);
        hook.send("gitlab", body, headers).expect(401);
        headers.remove("X-Hub-Signature-256");
        hook.send("github", body, headers).expect(401);
        headers.put("X-Hub-Signature-256", "sha256=");
        hook.send("github", body, headers).expect(401);
        headers.put("X-Hub-Signature-256", "sha1=0123");
        hook.send("github", body, headers).expect(401);

        hook.gitHub("push", gitHub("main", before, hash(), "Real", "a")).expect(200);
        assertThat(told().message()).isEqualTo("Real");
    }

    @Test
    void unknownServiceLooksLikeOneWithoutAWebhook() {
        Hook without = new Hook(port, newService("plain", "", ""), hook.secret());
        Hook unknown = new Hook(port, UUID.randomUUID().toString(), hook.secret());
        Hook nonsense = new Hook(port, "nonsense", hook.secret());

        String expected = without.gitHub("ping", "{}").expect(404).body();
        assertThat(unknown.gitHub("ping", "{}").expect(404).body()).isEqualTo(expected);
        assertThat(nonsense.gitHub("ping", "{}").expect(404).body()).isEqualTo(expected);
        assertThat(hook.send("svn", "{}", Map.of()).expect(404).body()).isEqualTo(expected);
    }

    @Test
    void largePushIsTakenAndTooLargeOneIsNot() {
        String body = gitHub("main", before, head, "Say hello", "a");
        hook.gitHub("push", body + " ".repeat(3_000_000)).expect(200);
        hook.gitHub("push", body + " ".repeat(5_300_000)).expect(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"ref\":7}",
                "{\"ref\":\"refs/heads/main\",\"after\":\"x\"}",
                "null"
            })
    void malformedPushIsNamed(String body) {
        hook.gitHub("push", body).expect(400);
    }

    @Test
    void whatConcernsNoDeploymentIsIgnoredWithItsReason() {
        assertIgnored(hook.gitHub("issues", "{}"), "the event is no push to a branch");
        assertIgnored(
                hook.gitHub("push", gitHub("x", before, head, "m", "a").replace("refs/heads/x", "refs/tags/v1")),
                "a tag was pushed, not a branch");
        assertIgnored(
                hook.gitHub("push", gitHub("feature", before, head, "m", "a")),
                "the push is to another branch than main");
        assertIgnored(hook.gitHub("push", gitHub("main", before, ZEROS, "m", "a")), "the branch was deleted");
        assertIgnored(
                hook.gitHub("push", gitHub("main", before, head, "Docs [skip ci]", "a")),
                "the commit's message says so");
        assertIgnored(
                hook.gitHub("push", gitHub("main", before, head, "Docs\\n\\n[CI skip]", "a")),
                "the commit's message says so");
        assertIgnored(
                hook.gitHub("push", gitHub("main", before, head, "m", "a").replace("team/app", "team/other")),
                "the push is to another repository than the service's");
        Hook image = Hook.enable(ada, port, ada.newService(project, "image"));
        assertIgnored(
                image.gitHub("push", gitHub("main", before, head, "m", "a")),
                "the service is not built from a repository");

        hook.gitHub("push", gitHub("main", before, head, "Real", "a")).expect(200);
        assertThat(told().message()).isEqualTo("Real");
        assertThat(allTold()).hasSize(1);
    }

    @Test
    void branchOfTheServiceGoesBeforeTheDefault() {
        ada.put("/api/v1/services/" + service, source("release/1", "")).expect(200);

        assertIgnored(
                hook.gitHub("push", gitHub("main", before, hash(), "m", "a")),
                "the push is to another branch than release/1");
        hook.gitHub("push", gitHub("release/1", before, head, "m", "a")).expect(200);
        assertThat(told().branch()).isEqualTo("release/1");
    }

    @Test
    void onlyWatchedPathsCountWhereTheyAreTold() {
        ada.put("/api/v1/services/" + service, "{\"build_config\":{\"watch_paths\":[\"apps/web/**\",\"*.toml\"]}}")
                .expect(200);
        assertThat(ada.get("/api/v1/services/" + service)
                        .json()
                        .path("build_config")
                        .path("watch_paths")
                        .toString())
                .isEqualTo("[\"apps/web/**\",\"*.toml\"]");
        assertThat(ada.put("/api/v1/services/" + service, "{\"build_config\":{\"watch_paths\":[\"../x\",null]}}")
                        .expect(400)
                        .problem("build_config.watch_paths.0"))
                .isEqualTo("must not lead out of the repository");

        assertIgnored(
                hook.gitHub("push", gitHub("main", before, hash(), "m", "apps/api/a", "README.md")),
                "no watched path changed");
        hook.gitHub("push", gitHub("main", before, hash(), "m", "apps/api/a", "apps/web/b"))
                .expect(200);
        Awaitility.await().until(() -> allTold().size() == 1);
        hook.gitLab(gitLab(before, hash(), 30), "many").expect(200);
        Awaitility.await().until(() -> allTold().size() == 2);
    }

    @Test
    void pushThatALaterOneOvertookIsIgnored() {
        String later = hash();
        String last = hash();
        hook.gitHub("push", gitHub("main", head, later, "Second", "a")).expect(200);

        assertIgnored(hook.gitHub("push", gitHub("main", before, head, "First", "a")), "a later push came before");
        hook.gitHub("push", gitHub("main", later, last, "Third", "a")).expect(200);
        hook.gitHub("push", gitHub("main", last, later, "Back by force", "a")).expect(200);

        Awaitility.await().until(() -> allTold().size() == 3);
        assertThat(allTold()).extracting(PushReceived::message).containsExactly("Second", "Third", "Back by force");
    }

    /** A surge of pushes: three services, 200 new heads, every fifth delivered twice. */
    @Test
    void stormOfPushesIsTakenWithoutLoss() throws Exception {
        List<Hook> hooks = new ArrayList<>(List.of(hook));
        hooks.add(Hook.enable(ada, port, newService("two", "", "")));
        hooks.add(Hook.enable(ada, port, newService("three", "", "")));
        Set<String> heads = ConcurrentHashMap.newKeySet();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Hook to = hooks.get(i % hooks.size());
                String commit = hash();
                heads.add(commit);
                String id = UUID.randomUUID().toString();
                String body = gitHub("main", hash(), commit, "Push " + i, "a");
                for (int times = i % 5 == 0 ? 2 : 1; times > 0; times--) {
                    answers.add(senders.submit(() -> to.gitHub("push", body, id).status()));
                }
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> messages.all(PushReceived.class).stream()
                                .filter(push -> heads.contains(push.commit()))
                                .count()
                        >= heads.size());
        assertThat(messages.all(PushReceived.class).stream()
                        .map(PushReceived::commit)
                        .filter(heads::contains))
                .doesNotHaveDuplicates()
                .hasSize(200);
    }

    private String newService(String name, String branch, String more) {
        return ada.post(
                        "/api/v1/projects/" + project + "/services",
                        "{\"name\":\"" + name + "\",\"type\":\"web\","
                                + source(branch, more).substring(1))
                .expect(201)
                .text("id");
    }

    private static String source(String branch, String more) {
        String named = branch.isEmpty() ? "" : ",\"branch\":\"" + branch + "\"";
        return "{\"source\":{\"type\":\"git\",\"repository\":\"https://git.example.com/team/app.git\"" + named + "}"
                + more + "}";
    }

    private static void assertIgnored(Api.Answer answer, String reason) {
        answer.expect(200);
        assertThat(answer.text("status")).isEqualTo("ignored");
        assertThat(answer.text("reason")).isEqualTo(reason);
    }

    private PushReceived told() {
        return messages.await(
                PushReceived.class, push -> push.service().toString().equals(service));
    }

    private List<PushReceived> allTold() {
        return messages.all(PushReceived.class).stream()
                .filter(push -> push.service().toString().equals(service))
                .toList();
    }

    static String hash() {
        return (UUID.randomUUID().toString() + UUID.randomUUID())
                .replace("-", "")
                .substring(0, 40);
    }

    static String gitHub(String branch, String before, String after, String message, String... files) {
        String changed = "\"" + String.join("\",\"", files) + "\"";
        return """
                {"ref":"refs/heads/%1$s","before":"%2$s","after":"%3$s","created":false,"deleted":false,"forced":false,
                 "repository":{"id":1,"name":"app","full_name":"team/app","default_branch":"main"},
                 "head_commit":{"id":"%3$s","message":"%4$s","author":{"name":"Ada Example","email":"ada@example.com"}},
                 "commits":[{"id":"%3$s","message":"%4$s","added":[],"modified":[%5$s],"removed":[]}]}""".formatted(branch, before, after, message, changed);
    }

    private static String gitLab(String before, String after, int total) {
        return """
                {"object_kind":"push","event_name":"push","ref":"refs/heads/main","before":"%1$s","after":"%2$s",
                 "checkout_sha":"%2$s","project":{"id":1,"path_with_namespace":"team/app","default_branch":"main"},
                 "commits":[{"id":"%2$s","message":"Say hello\\n","author":{"name":"Ada Example","email":"ada@example.com"},
                   "added":["x"],"modified":[],"removed":[]}],"total_commits_count":%3$d}""".formatted(before, after, total);
    }
}
