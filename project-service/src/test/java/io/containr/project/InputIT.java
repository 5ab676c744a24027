package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/** What the API refuses, and what it accepts just short of that. */
@RunningService
class InputIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    @LocalServerPort
    private int port;

    private Api ada;
    private String services;

    @BeforeEach
    void newProject() {
        ada = Api.newUser(port);
        services = "/api/v1/projects/" + ada.newProject("input") + "/services";
    }

    @Test
    void everyProblemOfAServiceIsNamedAtOnce() {
        Api.Answer answer = ada.post(services, """
                        {"name":"-","type":"lambda",
                         "source":{"type":"git","branch":"-x","root_directory":"../..","dockerfile":"/etc/passwd"},
                         "build_config":{"builder_type":"magic","start_command":"a\\u0000b","health_check_path":"up",
                                         "health_check_timeout":0,"environment_variables":{"1A":"x","B":null}},
                         "resources":{"cpu":"0.01","memory":"1Mi","storage":"lots"}}""").expect(400);

        assertThat(answer.text("code")).isEqualTo("VALIDATION");
        assertThat(answer.json().path("details").path("fields").propertyNames())
                .containsExactlyInAnyOrder(
                        "name",
                        "type",
                        "source.repository",
                        "source.branch",
                        "source.root_directory",
                        "source.dockerfile",
                        "build_config.builder_type",
                        "build_config.start_command",
                        "build_config.health_check_path",
                        "build_config.health_check_timeout",
                        "build_config.environment_variables.1A",
                        "build_config.environment_variables.B",
                        "resources.cpu",
                        "resources.memory",
                        "resources.storage");
        assertThat(ada.get(services).json().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/a.git",
                "file:///etc",
                "/srv/git/a",
                "https://user:secret@example.com/a.git",
                "https://token@example.com/a.git",
                "ssh://git:secret@example.com/a.git",
                "ext::sh -c whoami",
                "--upload-pack=evil",
                "-oProxyCommand=evil@host:path",
                "https://example.com",
                "https://exa mple.com/a.git",
                "http:///a.git"
            })
    void repositoryThatIsNoPlainUrlIsRefused(String repository) {
        assertThat(create("source", Map.of("type", "git", "repository", repository))
                        .expect(400)
                        .problem("source.repository"))
                .isNotEmpty()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9000/demo.git",
                "https://git.example.com/team/app",
                "ssh://git@example.com:2222/team/app.git",
                "git@example.com:team/app.git"
            })
    void repositoryOverHttpOrSshIsAccepted(String repository) {
        create("source", Map.of("type", "git", "repository", repository)).expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "nginx:1.27-alpine", "127.0.0.1:5000/team/app:1", "ghcr.io/a/b__c/d-e.f"})
    void imageReferenceIsAccepted(String image) {
        create("source", Map.of("type", "image", "image", image)).expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Nginx", "-v/:/host", "nginx:", "a//b", "a b", "nginx@sha256:12", "../x"})
    void whatIsNoImageReferenceIsRefused(String image) {
        assertThat(create("source", Map.of("type", "image", "image", image))
                        .expect(400)
                        .problem("source.image"))
                .contains("image reference");
    }

    @ParameterizedTest
    @CsvSource({
        "cpu,0.05,true",
        "cpu,32,true",
        "cpu,32000m,true",
        "cpu,0.049,false",
        "cpu,33,false",
        "cpu,1e9,false",
        "cpu,-1,false",
        "memory,16,true",
        "memory,16Mi,true",
        "memory,64Gi,true",
        "memory,17MB,true",
        "memory,0.5G,true",
        "memory,15Mi,false",
        "memory,65Gi,false",
        "memory,999999999999T,false",
        "storage,1Ti,true",
        "storage,63,false"
    })
    void resourcesStayWithinBounds(String resource, String amount, boolean accepted) {
        Api.Answer answer = create("resources", Map.of(resource, amount)).expect(accepted ? 201 : 400);

        if (accepted) {
            assertThat(answer.json().path("resources").path(resource).asString())
                    .isEqualTo(amount);
        } else {
            assertThat(answer.problem("resources." + resource)).isNotEmpty();
        }
    }

    @Test
    void variablesAreLimitedInNumberAndSize() {
        String service = create("source", Map.of("type", "image", "image", "nginx"))
                .expect(201)
                .text("id");
        String path = "/api/v1/services/" + service + "/variables";

        ada.put(path, JSON.writeValueAsString(variables(200, 10))).expect(200);
        assertThat(ada.put(path, JSON.writeValueAsString(variables(201, 10)))
                        .expect(400)
                        .problem("variables"))
                .isEqualTo("must not have more than 200 variables");
        ada.put(path, JSON.writeValueAsString(variables(1, 32 * 1024))).expect(200);
        assertThat(ada.put(path, JSON.writeValueAsString(variables(1, 32 * 1024 + 1)))
                        .expect(400)
                        .problem("variables.V0"))
                .isEqualTo("must not be larger than 32 KiB");
        assertThat(ada.put(path, JSON.writeValueAsString(variables(5, 30 * 1024)))
                        .expect(400)
                        .problem("variables"))
                .isEqualTo("must not be larger than 128 KiB in total");
        assertThat(ada.put(path, "{\"A-B\":\"x\",\"C\":{\"secret\":\"yes\"},\"D\":[1]}")
                        .expect(400)
                        .json()
                        .path("details")
                        .path("fields")
                        .propertyNames())
                .contains("variables.C.secret", "variables.D");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestBeyondTheBodyLimitIsTooLarge(boolean lengthAnnounced) {
        String body = "{\"name\":\"a\",\"description\":\"" + "x".repeat(1024 * 1024) + "\"}";

        for (Map<String, String> headers : List.of(Map.<String, String>of(), Map.of("Idempotency-Key", "big"))) {
            Api.Answer answer = lengthAnnounced
                    ? ada.post("/api/v1/projects", body, headers)
                    : ada.postInChunks("/api/v1/projects", body, headers);
            assertThat(answer.expect(413).text("code")).isEqualTo("PAYLOAD_TOO_LARGE");
        }
        ada.postInChunks("/api/v1/projects", "{\"name\":\"small\"}", Map.of()).expect(201);
    }

    @Test
    void typeOfAServiceCannotBeChanged() {
        String service = create("source", Map.of("type", "image", "image", "nginx"))
                .expect(201)
                .text("id");

        assertThat(ada.put("/api/v1/services/" + service, "{\"type\":\"worker\"}")
                        .expect(400)
                        .problem("type"))
                .isEqualTo("cannot be changed");
        ada.put("/api/v1/services/" + service, "{\"type\":\"web\"}").expect(200);
    }

    private static Map<String, String> variables(int count, int size) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "V" + i, i -> "x".repeat(size)));
    }

    private Api.Answer create(String part, Object value) {
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("name", "web");
        service.put("type", "web");
        service.put(part, value);
        return ada.post(services, JSON.writeValueAsString(service));
    }
}
