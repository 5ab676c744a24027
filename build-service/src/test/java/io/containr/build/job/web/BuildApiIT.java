package io.containr.build.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildServiceTest;
import io.containr.build.BuildTestEnvironment;
import io.containr.build.RegistryView;
import io.containr.build.Tenant;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.testing.TestMessages;
import io.containr.testing.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@BuildServiceTest
class BuildApiIT {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private static TestMessages messages;

    @LocalServerPort
    int port;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void aUserBuildsAServiceAndReadsItsLogAndState() {
        Tenant tenant = known(owner -> owner.repositoryWith("ARG GREETING\nRUN echo \"said $GREETING\""));

        Answer started = post(tenant, "", """
                {"service_id": "%s", "image_name": "shop/web", "image_tag": "v1", "build_args": {"GREETING": "hello"},
                 "labels": {"team": "blue"}}""".formatted(tenant.service()));
        assertThat(started.status()).isEqualTo(201);
        assertThat(started.body().path("success").asBoolean()).isTrue();
        assertThat(started.body().path("status").asString()).isEqualTo("pending");
        String id = started.body().path("id").asString();
        Tenant.succeeded(messages, BuildId.of(id));

        JsonNode build = get(tenant, "/" + id).body();
        assertThat(build.path("status").asString()).isEqualTo("success");
        assertThat(build.path("progress").asInt()).isEqualTo(100);
        assertThat(build.path("image_name").asString()).isEqualTo("shop/web");
        assertThat(build.path("image_tag").asString()).isEqualTo("v1");
        assertThat(build.path("size").asLong()).isPositive();
        assertThat(build.path("log").asString()).contains("said hello");
        assertThat(build.path("metadata").path("digest").asString()).startsWith("sha256:");
        assertThat(build.path("metadata").path("commit_message").asString()).isEqualTo("Say how to build");
        assertThat(text(tenant, "/" + id + "/logs").body()).contains("said hello\n");
        assertThat(text(tenant, "/" + id + "/logs?follow=true").body()).contains("said hello\n");
        assertThat(text(tenant, "/" + id + "/logs").headers().firstValue("Content-Type"))
                .hasValue("text/plain;charset=UTF-8");

        JsonNode list = get(tenant, "?service_id=" + tenant.service() + "&status=success&limit=1")
                .body();
        assertThat(list.path("total").asInt()).isEqualTo(1);
        assertThat(list.path("builds").get(0).path("id").asString()).isEqualTo(id);
        assertThat(get(tenant, "?status=failed").body().path("total").asInt()).isZero();
    }

    @Test
    void theImageIsInTheRegistryUnderTheNameItWasGiven() {
        Tenant tenant = known(owner -> owner.repositoryWith("LABEL from=file\nENTRYPOINT [\"/bin/false\"]"));
        String request = """
                {"service_id": "%s", "image_name": "shop/web", "image_tag": "v1", "labels": {"team": "blue %s"},
                 "start_command": "/bin/echo 'a b'  c"}""";
        String id = started(tenant, request.formatted(tenant.service(), "1"));
        Tenant.succeeded(messages, BuildId.of(id));

        String repository = tenant.scope() + "/shop/web";
        String named = get(tenant, "/" + id)
                .body()
                .path("metadata")
                .path("named_image")
                .asString();
        assertThat(named).isEqualTo(BuildTestEnvironment.registry() + "/" + repository + ":v1");
        JsonNode config = RegistryView.configuration(repository, "v1").path("config");
        assertThat(config.path("Cmd").toString()).isEqualTo("[\"/bin/echo\",\"a b\",\"c\"]");
        assertThat(config.path("Entrypoint").isMissingNode()
                        || config.path("Entrypoint").isNull())
                .isTrue();
        assertThat(config.path("Labels").path("team").asString()).isEqualTo("blue 1");
        assertThat(config.path("Labels").path("from").asString()).isEqualTo("file");

        String first = RegistryView.digest(repository, "v1");
        Tenant.succeeded(messages, BuildId.of(started(tenant, request.formatted(tenant.service(), "2"))));
        assertThat(RegistryView.digest(repository, "v1")).isNotEqualTo(first);
        assertThat(RegistryView.exists(repository, first)).isFalse();

        String prebuilt = """
                {"service_id": "%s", "image_name": "copy", "image_tag": "latest", "prebuilt_image": "%s"}""";
        Tenant.succeeded(messages, BuildId.of(started(tenant, prebuilt.formatted(tenant.service(), named))));
        assertThat(RegistryView.digest(tenant.scope() + "/copy", "latest"))
                .isEqualTo(RegistryView.digest(repository, "v1"));
        Tenant stranger = known(Tenant::git);
        assertThat(Tenant.failed(messages, BuildId.of(started(stranger, prebuilt.formatted(stranger.service(), named))))
                        .failure()
                        .code())
                .isEqualTo("IMAGE_FORBIDDEN");

        messages.publish(new ServiceDeleted(tenant.service(), tenant.project(), tenant.user()), tenant.project());
        Awaitility.await().untilAsserted(() -> {
            assertThat(RegistryView.tags(repository)).isEmpty();
            assertThat(RegistryView.tags(tenant.scope() + "/copy")).isEmpty();
        });
    }

    @Test
    void aServicesOwnCommandsCountWhereItsOwnSourceIsBuilt() {
        Tenant tenant = new Tenant();
        ServiceSpec plain = tenant.spec(tenant.repositoryWith(""));
        announce(
                tenant,
                new ServiceSpec(
                        plain.service(),
                        plain.revision(),
                        plain.project(),
                        plain.owner(),
                        plain.name(),
                        plain.projectName(),
                        plain.kind(),
                        plain.source(),
                        new BuildSettings("nixpacks", "make", "run", Map.of()),
                        plain.resources(),
                        plain.healthCheck(),
                        plain.variables(),
                        plain.wanted(),
                        plain.restarts(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));

        BuildId own = BuildId.of(started(tenant, body(tenant)));
        BuildId other = BuildId.of(started(tenant, body(tenant).replace("}", ", \"build_type\": \"dockerfile\"}")));

        assertThat(Tenant.failed(messages, own).failure().code()).isEqualTo("BUILDER_UNAVAILABLE");
        Tenant.succeeded(messages, other);
        assertThat(RegistryView.configuration(tenant.scope() + "/a", "1")
                        .path("config")
                        .path("Cmd")
                        .toString())
                .isEqualTo("[\"run\"]");
    }

    @Test
    void aFollowerReadsEachLineAsItComesAndCancellingEndsItsStream() throws Exception {
        Tenant tenant = known(owner -> owner.repositoryWith("RUN echo first; sleep 600"));
        String id = post(tenant, "", body(tenant)).body().path("id").asString();

        HttpResponse<InputStream> followed = HTTP.send(
                request(tenant, "/" + id + "/logs?follow=true").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(followed.body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (!line.equals("first")) {
                line = lines.readLine();
            }
            Awaitility.await().untilAsserted(() -> {
                JsonNode build = get(tenant, "/" + id).body();
                assertThat(build.path("status").asString()).isEqualTo("running");
                assertThat(build.path("progress").asInt()).isEqualTo(25);
                assertThat(build.path("metadata").path("phase").asString()).isEqualTo("build");
            });

            assertThat(post(tenant, "/" + id + "/cancel", "").status()).isEqualTo(200);

            List<String> rest = lines.lines().toList();
            assertThat(rest).contains("Cancelled.");
        }
        messages.await(BuildCancelled.class, event -> event.build().toString().equals(id));
        assertThat(get(tenant, "/" + id).body().path("status").asString()).isEqualTo("cancelled");
        assertThat(post(tenant, "/" + id + "/cancel", "").status()).isEqualTo(409);
    }

    @Test
    void aFailureShowsItsReason() {
        Tenant tenant = known(owner -> owner.repositoryWith("RUN echo broken >&2; exit 7"));
        String id = post(tenant, "", body(tenant)).body().path("id").asString();
        Tenant.failed(messages, BuildId.of(id));

        JsonNode build = get(tenant, "/" + id).body();
        assertThat(build.path("status").asString()).isEqualTo("failed");
        assertThat(build.path("error").asString()).contains("code: 7").contains("broken");
        assertThat(build.path("metadata").path("error_code").asString()).isEqualTo("BUILD_FAILED");
        assertThat(post(tenant, "/" + id + "/cancel", "").status()).isEqualTo(409);
    }

    @Test
    void aPrebuiltImageAndALocalSourceNeedOnlyAProject() throws IOException {
        Tenant tenant = new Tenant();
        messages.publish(new ProjectCreated(tenant.project(), tenant.user(), "shop"), tenant.project());
        Path source =
                Files.createDirectories(BuildTestEnvironment.localSources().resolve("app"));
        Files.writeString(
                source.resolve("Dockerfile"), "FROM " + BuildTestEnvironment.BUSYBOX + "\nCMD [\"/bin/true\"]\n");

        Answer started = Awaitility.await()
                .until(() -> post(tenant, "", """
                                {"project_id": "%s", "image_name": "app", "image_tag": "1", "source_path": "app"}""".formatted(tenant.project())), answer -> answer.status() == 201);
        String id = started.body().path("id").asString();

        awaitSuccess(tenant, id);
        assertThat(get(tenant, "/" + id).body().path("metadata").path("image").asString())
                .startsWith(BuildTestEnvironment.registry() + "/p/" + tenant.project());
        assertThat(invalid(tenant, "\"project_id\": \"%s\", \"source_path\": \"../..\"".formatted(tenant.project())))
                .contains("source_path");
        assertThat(invalid(tenant, "\"project_id\": \"%s\", \"source_path\": \"/etc\"".formatted(tenant.project())))
                .contains("source_path");
    }

    @Test
    void ofANameWithoutAServiceTheNewestTagsAreKept() throws IOException {
        Tenant tenant = new Tenant();
        messages.publish(new ProjectCreated(tenant.project(), tenant.user(), "shop"), tenant.project());
        Path source =
                Files.createDirectories(BuildTestEnvironment.localSources().resolve("of-" + tenant.project()));
        String repository = "p/" + tenant.project() + "/app";
        Map<String, String> digests = new HashMap<>();
        for (String tag : List.of("1", "2", "same-as-2", "3")) {
            Files.writeString(
                    source.resolve("Dockerfile"),
                    "FROM " + BuildTestEnvironment.BUSYBOX + "\nLABEL number=" + tag.replaceFirst("same-as-", "")
                            + "\n");
            String id = Awaitility.await()
                    .until(
                            () -> post(tenant, "", """
                            {"project_id": "%s", "image_name": "app", "image_tag": "%s", "source_path": "%s"}""".formatted(tenant.project(), tag, source.getFileName())),
                            answer -> answer.status() == 201)
                    .body()
                    .path("id")
                    .asString();
            awaitSuccess(tenant, id);
            digests.put(tag, RegistryView.digest(repository, tag));
        }

        assertThat(RegistryView.tags(repository)).contains("same-as-2", "3").doesNotContain("1");
        assertThat(RegistryView.exists(repository, digests.get("1"))).isFalse();
        assertThat(RegistryView.exists(repository, digests.get("2"))).isTrue();
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        Tenant tenant = known(Tenant::git);

        Answer refused = post(tenant, "", "{\"image_name\": \"" + "x".repeat(2 << 20) + "\"}");

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.body().path("code").asString()).isEqualTo("PAYLOAD_TOO_LARGE");
    }

    private void awaitSuccess(Tenant tenant, String id) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                get(tenant, "/" + id).body().path("status").asString())
                        .isEqualTo("success"));
    }

    @Test
    void othersSeeNothing() {
        Tenant tenant = known(owner -> owner.repositoryWith("CMD [\"/bin/true\"]"));
        String id = post(tenant, "", body(tenant)).body().path("id").asString();
        Tenant stranger = known(Tenant::git);

        for (String path : List.of("/" + id, "/" + id + "/logs", "/" + id + "/logs?follow=true", "/not-an-id")) {
            assertThat(get(stranger, path).status()).as(path).isEqualTo(404);
        }
        assertThat(post(stranger, "/" + id + "/cancel", "").status()).isEqualTo(404);
        assertThat(get(stranger, "?service_id=" + tenant.service())
                        .body()
                        .path("total")
                        .asInt())
                .isZero();
        assertThat(get(new Tenant(), "").body().path("total").asInt()).isZero();
        Tenant.succeeded(messages, BuildId.of(id));
    }

    @Test
    void withoutATokenNothingIsAnswered() throws Exception {
        HttpRequest anonymous = HttpRequest.newBuilder(uri("")).build();
        HttpRequest forged = HttpRequest.newBuilder(uri(""))
                .header("Authorization", "Bearer " + TestTokens.forged(new Tenant().user()))
                .build();

        assertThat(HTTP.send(anonymous, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        assertThat(HTTP.send(forged, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"image_name\": \"UPPER\", \"image_tag\": \"1\"' | image_name",
                "'\"image_name\": \"a/../b\", \"image_tag\": \"1\"' | image_name",
                "'\"image_name\": \"a\", \"image_tag\": \"not a tag\"' | image_tag",
                "'\"image_tag\": \"1\"' | image_name",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"build_type\": \"magic\"' | build_type",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"registry_url\": \"https://evil.example\"' | registry_url",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"prebuilt_image\": \"Not An Image\"' | prebuilt_image",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"build_args\": {\"a b\": \"c\"}' | build_args",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"commit\": \"HEAD\"' | commit",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"prebuilt_image\": \"--help\"' | prebuilt_image",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"prebuilt_image\": \"a\", \"branch\": \"main\"' | branch",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"source_path\": \"app\\u0000\"' | source_path",
                "'\"image_name\": \"--tag\", \"image_tag\": \"1\"' | image_name",
                "'\"image_name\": \"a\", \"image_tag\": \"-1\"' | image_tag",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"start_command\": \"a \\\"b\"' | start_command",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"start_command\": \" \"' | start_command",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"build_command\": \"a\\u0000\"' | build_command",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"labels\": {\"a=b\": \"c\"}' | labels",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"labels\": {\"a\": \"\\u0000\"}' | labels",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"environment\": {\"A\": null}' | environment",
                "'\"image_name\": \"a\", \"image_tag\": \"1\", \"environment\": {\"A\": \"\\u0000\"}' | environment"
            })
    void whatIsWrongIsNamed(String fields, String wrong) {
        Tenant tenant = known(Tenant::git);
        Answer answer = post(tenant, "", "{\"service_id\": \"" + tenant.service() + "\", " + fields + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("code").asString()).isEqualTo("VALIDATION");
        assertThat(answer.body().path("details").path("fields").propertyNames())
                .anyMatch(name -> name.startsWith(wrong));
    }

    @Test
    void pagesAndStatusesOutOfRangeAreRefused() {
        Tenant tenant = new Tenant();

        for (String query : List.of("?page=0", "?limit=101", "?limit=x", "?status=done", "?project_id=x")) {
            assertThat(get(tenant, query).status()).as(query).isEqualTo(400);
        }
        assertThat(post(tenant, "", "{").status()).isEqualTo(400);
        assertThat(post(tenant, "", "{\"image_name\": \"a\", \"image_tag\": \"1\"}")
                        .status())
                .isEqualTo(400);
    }

    /** The id of a build that was accepted. */
    private String started(Tenant tenant, String body) {
        Answer answer = post(tenant, "", body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body().path("id").asString();
    }

    private String invalid(Tenant tenant, String fields) {
        Answer answer = post(tenant, "", "{\"image_name\": \"a\", \"image_tag\": \"1\", " + fields + "}");
        assertThat(answer.status()).isEqualTo(400);
        return answer.body().path("details").path("fields").toString();
    }

    private static String body(Tenant tenant) {
        return "{\"service_id\": \"%s\", \"image_name\": \"a\", \"image_tag\": \"1\"}".formatted(tenant.service());
    }

    /** A tenant whose service this service has heard of. */
    private Tenant known(java.util.function.Function<Tenant, ServiceSource> source) {
        Tenant tenant = new Tenant();
        announce(tenant, tenant.spec(source.apply(tenant)));
        return tenant;
    }

    private void announce(Tenant tenant, ServiceSpec spec) {
        messages.publish(new ServiceCreated(spec), tenant.project());
        String refusedForItsTypeAlone = """
                {"service_id": "%s", "image_name": "a", "image_tag": "1", "build_type": "prebuilt"}""".formatted(tenant.service());
        Awaitility.await().until(() -> post(tenant, "", refusedForItsTypeAlone).status() == 400);
    }

    private Answer get(Tenant tenant, String path) {
        return answer(request(tenant, path).build());
    }

    private Answer post(Tenant tenant, String path, String body) {
        return answer(request(tenant, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> text(Tenant tenant, String path) {
        return send(request(tenant, path).build());
    }

    private static Answer answer(HttpRequest request) {
        HttpResponse<String> response = send(request);
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Answer(
                response.statusCode(), JsonMapper.shared().readTree(type.contains("json") ? response.body() : "{}"));
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(Tenant tenant, String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", tenant.bearer());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/builds" + path);
    }

    private record Answer(int status, JsonNode body) {}
}
