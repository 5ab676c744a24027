package io.containr.build.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildTestEnvironment;
import io.containr.build.StandIns;
import io.containr.build.Tenant;
import io.containr.contracts.Sealed;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Railpack and nixpacks up to their command lines: what runs is stand-ins that note how they were called. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.config.name=build-service"})
@ContextConfiguration(initializers = {TestEnvironment.class, BuildTestEnvironment.class, StandIns.class})
@DirtiesContext
class BuildersIT {

    private static final String SECRET = "do not, tell='anybody'\nat all";

    private static TestMessages messages;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SecretBox secrets;

    private final Tenant tenant = new Tenant();
    private final String records = tenant.service().toString();

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void withoutADockerfileRailpackPlansAndItsFrontendBuilds() throws IOException {
        source("plain", Map.of("package.json", "{}"));

        BuildId build = sendWith(new BuildSettings(null, "npm run build -- --x='a b'", "-l node .", variables()), null);
        BuildSucceeded succeeded = Tenant.succeeded(messages, build);

        List<String> prepare = StandIns.lines(records, "railpack.arguments");
        String checkout = prepare.get(1);
        assertThat(checkout).startsWith(work(build).toString());
        assertThat(prepare)
                .containsExactly(
                        "prepare",
                        checkout,
                        "--plan-out=" + work(build).resolve("railpack/railpack-plan.json"),
                        "--info-out=" + work(build).resolve("railpack/railpack-info.json"),
                        "--build-cmd=npm run build -- --x='a b'",
                        "--start-cmd=-l node .",
                        "--env=HTTP_PROXY=http://proxy",
                        "--env=NODE_ENV",
                        "--env=TOKEN");
        assertThat(StandIns.lines(records, "railpack.environment"))
                .contains("NODE_ENV=test", "TOKEN=do not, tell='anybody'", "at all")
                .noneMatch(line -> line.startsWith("HTTP_PROXY") || line.startsWith("CONTAINR"));

        List<String> docker = StandIns.lines(records, "docker.arguments");
        assertThat(docker)
                .startsWith(
                        "build",
                        "--progress=plain",
                        "--file=" + work(build).resolve("railpack/railpack-plan.json"),
                        "--tag=" + BuildTestEnvironment.registry() + "/" + tenant.scope() + ":build-" + build,
                        "--build-arg=BUILDKIT_SYNTAX=ghcr.io/railwayapp/railpack-frontend:v0.36.3",
                        "--build-arg=cache-key=" + tenant.scope())
                .endsWith("--", checkout);
        assertThat(docker.get(6)).matches("--build-arg=secrets-hash=[0-9a-f]{64}");
        assertThat(docker.subList(7, 10))
                .allMatch(word -> word.matches("--secret=id=(HTTP_PROXY|NODE_ENV|TOKEN),src=/.*"));
        assertThat(docker).hasSize(12);
        assertThat(StandIns.lines(records, "docker.environment"))
                .contains("DOCKER_BUILDKIT=1")
                .noneMatch(line -> line.contains("do not, tell"));
        Path token = StandIns.records(records).resolve("secrets/TOKEN");
        assertThat(token).hasContent(SECRET);
        assertThat(Files.getPosixFilePermissions(token)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        assertThat(succeeded.image().config().entrypoint()).containsExactly("/bin/sh", "-c");
        assertThat(succeeded.image().config().command()).containsExactly("npm start");
        assertThat(succeeded.image().holdsStartCommand()).isTrue();
        assertThat(log(build))
                .contains("railpack looks at the source", "railpack 0.36.3 found node")
                .noneMatch(line -> line.contains("do not, tell"));
        Awaitility.await().untilAsserted(() -> assertThat(work(build)).doesNotExist());
    }

    @Test
    void aTemporaryFailureOfRailpackIsTriedAgainAndNotForEver() throws IOException {
        source("busy-twice", Map.of());
        Tenant.succeeded(messages, send("railpack", null));
        assertThat(StandIns.lines(records, "railpack.runs")).hasSize(3);

        source("always-busy", Map.of());
        Files.delete(StandIns.records(records).resolve("railpack.runs"));
        BuildFailed failed = Tenant.failed(messages, send(null, null));
        assertThat(failed.failure().code()).isEqualTo("BUILDER_TEMPORARY_FAILURE");
        assertThat(StandIns.lines(records, "railpack.runs")).hasSize(3);
    }

    @Test
    void whatRailpackDoesNotKnowNixpacksBuilds() throws IOException {
        source("unknown", Map.of());

        BuildId build = sendWith(new BuildSettings(null, "make", null, variables()), null);
        Tenant.succeeded(messages, build);

        List<String> plan = StandIns.lines(records, "nixpacks-plan.arguments");
        String checkout = plan.get(1);
        assertThat(plan)
                .containsExactly(
                        "plan",
                        checkout,
                        "--build-cmd=make",
                        "--env=HTTP_PROXY=http://proxy",
                        "--env=NODE_ENV",
                        "--env=TOKEN",
                        "--format=json");
        assertThat(StandIns.lines(records, "nixpacks-build.arguments"))
                .containsExactly(
                        "build",
                        checkout,
                        "--build-cmd=make",
                        "--env=HTTP_PROXY=http://proxy",
                        "--env=NODE_ENV",
                        "--env=TOKEN",
                        "--out=" + checkout,
                        "--cache-key=" + tenant.scope(),
                        "--no-error-without-start");
        assertThat(StandIns.lines(records, "nixpacks-build.environment")).contains("NODE_ENV=test");
        assertThat(log(build))
                .contains("built node for test with " + SECRET.length() + " characters", "looking")
                .anyMatch(line -> line.contains("No start command was found."))
                .noneMatch(line -> line.contains("do not, tell"));
    }

    @Test
    void whatNobodyKnowsIsRefusedWithWhatWasLookedFor() throws IOException {
        source("unknown no-nixpacks", Map.of());

        BuildFailed detected = Tenant.failed(messages, send(null, null));
        BuildFailed railpack = Tenant.failed(messages, send("railpack", null));
        BuildFailed nixpacks = Tenant.failed(messages, send("nixpacks", null));
        BuildFailed dockerfile = Tenant.failed(messages, send("dockerfile", null));

        assertThat(detected.failure().code()).isEqualTo("NO_BUILDER");
        assertThat(detected.failure().message())
                .contains("no Dockerfile", "railpack found no way", "No start command was found.")
                .contains("nixpacks found no way");
        assertThat(railpack.failure().code()).isEqualTo("BUILD_PLAN_FAILED");
        assertThat(nixpacks.failure().code()).isEqualTo("BUILD_PLAN_FAILED");
        assertThat(nixpacks.failure().message()).contains("unable to generate a build plan");
        assertThat(dockerfile.failure().code()).isEqualTo("DOCKERFILE_NOT_FOUND");
    }

    @Test
    void aPlanThatFailsToBuildShowsItsLastLines() throws IOException {
        source("frontend-fails", Map.of());

        BuildFailed failed = Tenant.failed(messages, send(null, null));

        assertThat(failed.failure().code()).isEqualTo("BUILD_FAILED");
        assertThat(failed.failure().message()).contains("npm ERR! missing script");
    }

    @Test
    void aPlanThatStartsFromAnotherTenantsImageIsRefused() throws IOException {
        source("steals", Map.of());

        BuildFailed failed = Tenant.failed(messages, send("railpack", null));

        assertThat(failed.failure().code()).isEqualTo("IMAGE_FORBIDDEN");
        assertThat(StandIns.records(records).resolve("docker.arguments")).doesNotExist();
    }

    @Test
    void aLinkThatLeadsOutIsNotShownToABuildersProgram() throws IOException {
        source("plain", Map.of());
        BuildTestEnvironment.git().link(tenant.repository(), "package.json", "/etc/passwd");

        for (String builder : List.of("railpack", "nixpacks")) {
            BuildFailed failed = Tenant.failed(messages, send(builder, null));
            assertThat(failed.failure().code()).isEqualTo("SOURCE_PATH_INVALID");
            assertThat(failed.failure().message()).contains("package.json").doesNotContain("passwd");
        }
        assertThat(StandIns.records(records)).doesNotExist();
    }

    @Test
    void cancellingEndsTheProgramAndWhatItStarted() throws IOException {
        source("sleeps", Map.of());
        BuildId build = send(null, null);
        messages.await(
                LogLines.class,
                lines -> build.equals(lines.build())
                        && lines.lines().stream().anyMatch(line -> line.text().equals("sleeping for " + records)));
        assertThat(programsOf(build)).isTrue();

        messages.publish(new CancelBuild(build, "not needed"), tenant.service());
        messages.await(BuildCancelled.class, event -> event.build().equals(build));

        assertThat(programsOf(build)).isFalse();
        Awaitility.await().untilAsserted(() -> assertThat(work(build)).doesNotExist());
    }

    @Test
    void aWorkersOwnLineOfAProcfileIsWhatItsBuilderIsTold() throws IOException {
        source("plain", Map.of("Procfile", "web: serve\nworker: work --hard\n"));

        Tenant.succeeded(messages, send("railpack", ServiceKind.WORKER));
        assertThat(StandIns.lines(records, "railpack.arguments")).contains("--start-cmd=work --hard");

        Tenant.succeeded(messages, send("railpack", ServiceKind.WEB));
        assertThat(StandIns.lines(records, "railpack.arguments")).noneMatch(word -> word.startsWith("--start-cmd"));
    }

    private void source(String mode, Map<String, String> files) {
        BuildTestEnvironment.git().commit(tenant.repository(), Map.of("mode", mode, "records", records), mode);
        if (!files.isEmpty()) {
            BuildTestEnvironment.git().commit(tenant.repository(), files, "More");
        }
    }

    private BuildId send(@Nullable String builder, @Nullable ServiceKind kind) {
        return sendWith(new BuildSettings(builder, null, null, Map.of()), kind);
    }

    private BuildId sendWith(BuildSettings settings, @Nullable ServiceKind kind) {
        return tenant.send(messages, tenant.commandWith(tenant.git(), settings, kind));
    }

    private Map<String, Sealed> variables() {
        return Map.of(
                "TOKEN",
                seal("TOKEN", SECRET),
                "NODE_ENV",
                seal("NODE_ENV", "test"),
                "HTTP_PROXY",
                seal("HTTP_PROXY", "http://proxy"));
    }

    private Sealed seal(String name, String value) {
        return secrets.seal(value, ServiceSpec.sealedFor(tenant.service(), name));
    }

    private List<String> log(BuildId build) {
        return jdbc.sql("select text from build_log where build_id = :id order by seq")
                .param("id", build.value())
                .query(String.class)
                .list();
    }

    private static Path work(BuildId build) {
        return BuildTestEnvironment.workDirectory().resolve(build.toString());
    }

    private static boolean programsOf(BuildId build) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .anyMatch(command -> command.contains(build.toString()));
    }
}
