package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Image;
import io.containr.build.BuildServiceTest;
import io.containr.build.BuildTestEnvironment;
import io.containr.build.RegistryView;
import io.containr.build.Tenant;
import io.containr.build.engine.EngineImages;
import io.containr.contracts.Sealed;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.log.LogLines.Line;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@BuildServiceTest
class DockerfileBuildIT {

    private static TestMessages messages;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SecretBox secrets;

    @Autowired
    EngineImages images;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void aRepositoryBecomesAPreparedImage() {
        Tenant tenant = new Tenant();
        ServiceSource source = tenant.repositoryWith("""
                ENV GREETING=hello
                EXPOSE 8080 53/udp
                WORKDIR /srv
                CMD ["/bin/busybox", "httpd", "-f", "-p", "8080"]""");

        StartBuild command = tenant.command(source);
        BuildId build = tenant.send(messages, command);
        BuildStarted started =
                messages.await(BuildStarted.class, event -> event.build().equals(build));
        BuildSucceeded succeeded = Tenant.succeeded(messages, build);

        assertThat(started.deployment()).isEqualTo(command.deployment());
        assertThat(succeeded.deployment()).isEqualTo(command.deployment());
        assertThat(Objects.requireNonNull(succeeded.commit()).message()).isEqualTo("Say how to build");
        assertThat(succeeded.commit().author()).isEqualTo("Ada Example <ada@example.com>");
        assertThat(succeeded.phases()).containsOnlyKeys("clone", "build", "push", "prepare");
        assertThat(succeeded.image().repository()).isEqualTo(BuildTestEnvironment.registry() + "/" + tenant.scope());
        assertThat("sha256:" + succeeded.image().tag())
                .isEqualTo(succeeded.image().digest());
        assertThat(succeeded.image().config().command()).containsExactly("/bin/busybox", "httpd", "-f", "-p", "8080");
        assertThat(succeeded.image().config().workingDirectory()).isEqualTo("/srv");
        assertThat(succeeded.image().config().exposedPorts()).containsExactly(8080);
        assertThat(succeeded.image().config().environment()).containsEntry("GREETING", "hello");

        JsonNode runs = RegistryView.configuration(succeeded.image()).path("config");
        assertThat(runs.path("Entrypoint").toString()).isEqualTo("[\"/.containr/init\"]");
        assertThat(runs.path("User").asString()).isEqualTo("0");
        assertThat(runs.path("WorkingDir").asString()).isEqualTo("/");
        assertThat(runs.has("Cmd")).isFalse();
    }

    @Test
    void theSameSourceGivesTheSameImageAlsoWhenItIsPreparedAgain() {
        Tenant tenant = new Tenant();
        ServiceSource source = tenant.repositoryWith("CMD [\"/bin/sh\"]");
        BuildSucceeded first = tenant.build(messages, source);
        BuildSucceeded remembered = tenant.build(messages, source);
        jdbc.sql("delete from prepared_image where repository = :repository")
                .param("repository", tenant.scope())
                .update();
        BuildSucceeded again = tenant.build(messages, source);

        assertThat(remembered.image()).isEqualTo(first.image());
        assertThat(again.image()).isEqualTo(first.image());
    }

    @Test
    void aCommandThatComesTwiceIsOneBuild() {
        Tenant tenant = new Tenant();
        StartBuild command = tenant.command(tenant.repositoryWith("CMD [\"/bin/true\"]"));
        tenant.send(messages, command);
        tenant.send(messages, command);
        Tenant.succeeded(messages, command.build());
        BuildId later = tenant.build(messages, tenant.git()).build();

        assertThat(messages.all(BuildSucceeded.class))
                .filteredOn(event -> event.service().equals(tenant.service()))
                .extracting(BuildSucceeded::build)
                .containsExactly(command.build(), later);
    }

    @Test
    void aPrivateRepositoryIsBuiltWithTheCredentialOfItsService() {
        Tenant tenant = new Tenant();
        String repository = "guarded-" + tenant.service();
        BuildTestEnvironment.git()
                .commit(
                        repository,
                        Map.of("Dockerfile", "FROM " + BuildTestEnvironment.BUSYBOX + "\nCMD [\"/bin/true\"]\n"),
                        "Say how to build");
        ServiceSource source = new ServiceSource(
                ServiceSource.Type.GIT, BuildTestEnvironment.git().url(repository), null, null, null, null);
        StartBuild without = tenant.command(source);
        StartBuild with = new StartBuild(
                new BuildId(Ids.next()),
                null,
                without.service(),
                without.project(),
                without.owner(),
                source,
                without.settings(),
                null,
                null,
                Map.of(),
                new GitCredential("ada", seal(tenant, GitCredential.NAME, "hunter2")),
                without.kind());

        assertThat(Tenant.failed(messages, tenant.send(messages, without))
                        .failure()
                        .code())
                .isEqualTo("REPOSITORY_NOT_FOUND");
        Tenant.succeeded(messages, tenant.send(messages, with));

        assertThat(jdbc.sql("select count(*) from build_log where text like '%hunter2%'")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from build where request::text like '%hunter2%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void nothingButTheLatestImageStaysOnTheMachine() throws IOException {
        Tenant tenant = new Tenant();
        tenant.build(messages, tenant.repositoryWith("RUN echo one > /one\nCMD [\"/bin/true\"]"));
        BuildSucceeded second =
                tenant.build(messages, tenant.repositoryWith("RUN echo two > /two\nCMD [\"/bin/true\"]"));

        Awaitility.await()
                .untilAsserted(() -> assertThat(engineNames(tenant))
                        .containsExactly("containr.invalid/" + tenant.scope() + ":latest"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(BuildTestEnvironment.workDirectory()
                                .resolve(second.build().toString()))
                        .doesNotExist());
    }

    private static List<String> engineNames(Tenant tenant) {
        return BuildTestEnvironment.engine().listImagesCmd().exec().stream()
                .map(Image::getRepoTags)
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .filter(name -> name.contains(tenant.service().toString()))
                .toList();
    }

    @Test
    void aStepThatFailsShowsItsLastLinesAndLeavesNothing() throws IOException {
        Tenant tenant = new Tenant();
        BuildId build = tenant.start(
                messages,
                tenant.repositoryWith(
                        "RUN echo made > /made\nRUN echo compiling; echo 'missing semicolon' >&2; exit 3"));

        BuildFailed failed = Tenant.failed(messages, build);

        assertThat(failed.failure().code()).isEqualTo("BUILD_FAILED");
        assertThat(failed.failure().message()).contains("missing semicolon").contains("returned a non-zero code: 3");
        Awaitility.await().untilAsserted(() -> {
            assertThat(BuildTestEnvironment.workDirectory().resolve(build.toString()))
                    .doesNotExist();
            assertThat(engineNames(tenant)).isEmpty();
        });
    }

    @Test
    void aLayerThatVanishesWhileItIsToBeReusedIsBuiltAgain() {
        Tenant departing = new Tenant();
        String shared = "RUN echo " + departing.service() + " > /shared\n";
        departing.build(messages, departing.repositoryWith(shared));
        Tenant tenant = new Tenant();
        BuildId build = tenant.start(
                messages,
                tenant.repositoryWith(shared + "FROM " + BuildTestEnvironment.BUSYBOX
                        + "\nRUN echo busy && sleep 2\nCOPY --from=0 /shared /shared\nRUN cat /shared"));
        Awaitility.await().untilAsserted(() -> assertThat(linesOf(build)).contains("busy"));

        images.forgetLatest(departing.scope());

        Tenant.succeeded(messages, build);
        assertThat(linesOf(build))
                .contains(departing.service().toString())
                .anyMatch(line -> line.endsWith("building again"));
    }

    @Test
    void whatABuildPrintsIsPublishedInOrder() {
        Tenant tenant = new Tenant();
        StartBuild command = tenant.command(tenant.repositoryWith("RUN for i in 1 2 3 4 5; do echo line $i; done"));
        BuildId build = tenant.send(messages, command);
        Tenant.succeeded(messages, build);

        Awaitility.await().untilAsserted(() -> {
            List<LogLines> published = messages.all(LogLines.class).stream()
                    .filter(lines -> build.equals(lines.build()))
                    .toList();
            List<Line> lines =
                    published.stream().flatMap(batch -> batch.lines().stream()).toList();
            assertThat(lines)
                    .extracting(Line::text)
                    .containsSubsequence("line 1", "line 2", "line 3", "line 4", "line 5");
            assertThat(lines.getLast().text()).endsWith("is ready.");
            assertThat(lines)
                    .extracting(Line::seq)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .startsWith(1L);
            assertThat(published).allSatisfy(batch -> {
                assertThat(batch.service()).isEqualTo(tenant.service());
                assertThat(batch.deployment()).isEqualTo(command.deployment());
            });
        });
    }

    @Test
    void aDockerfileGetsTheArgumentsItDeclaresAndNoOthers() {
        Tenant tenant = new Tenant();
        Map<String, Sealed> environment = Map.of(
                "VERSION", seal(tenant, "VERSION", "1.2.3"),
                "SECRET", seal(tenant, "SECRET", "do-not-tell"));
        ServiceSource source = tenant.repositoryWith("ARG VERSION\nRUN echo \"version=$VERSION secret=$SECRET.\"");

        BuildId build = tenant.send(messages, tenant.command(source, environment));
        Tenant.succeeded(messages, build);

        assertThat(linesOf(build)).contains("version=1.2.3 secret=.").noneMatch(line -> line.contains("do-not-tell"));
    }

    private Sealed seal(Tenant tenant, String name, String value) {
        return secrets.seal(value, ServiceSpec.sealedFor(tenant.service(), name));
    }

    private List<String> linesOf(BuildId build) {
        return jdbc.sql("select text from build_log where build_id = :id order by seq")
                .param("id", build.value())
                .query(String.class)
                .list();
    }

    @Test
    void rootDirectoryAndDockerfileAreTheSourcesOwn() {
        Tenant tenant = new Tenant();
        BuildTestEnvironment.git()
                .commit(
                        tenant.repository(),
                        Map.of(
                                "apps/web/deploy/web.docker",
                                "FROM " + BuildTestEnvironment.BUSYBOX + "\nCOPY page /page\nRUN cat /page\n",
                                "apps/web/page",
                                "the page\n"),
                        "Monorepo");

        BuildId build = tenant.start(messages, tenant.git(null, "apps/web", "deploy/web.docker"));

        Tenant.succeeded(messages, build);
        assertThat(linesOf(build)).contains("the page");
    }

    @Test
    void aSourceWithoutADockerfileSaysWhatWasLookedFor() {
        Tenant tenant = new Tenant();
        BuildTestEnvironment.git().commit(tenant.repository(), Map.of("main.py", "print(1)"), "Python");

        BuildFailed noBuilder = Tenant.failed(messages, tenant.start(messages, tenant.git()));
        BuildFailed missing = Tenant.failed(messages, tenant.start(messages, tenant.git(null, null, "Other")));
        BuildFailed outside = Tenant.failed(messages, tenant.start(messages, tenant.git(null, null, "../../passwd")));
        BuildFailed noRoot = Tenant.failed(messages, tenant.start(messages, tenant.git(null, "web", null)));

        assertThat(noBuilder.failure().code()).isEqualTo("NO_BUILDER");
        assertThat(noBuilder.failure().message())
                .contains("no Dockerfile", "railpack is not installed", "containr.build.railpack")
                .contains("nixpacks is not installed", "containr.build.nixpacks");
        assertThat(missing.failure().code()).isEqualTo("DOCKERFILE_NOT_FOUND");
        assertThat(outside.failure().code()).isEqualTo("DOCKERFILE_NOT_FOUND");
        assertThat(noRoot.failure().code()).isEqualTo("SOURCE_PATH_INVALID");
    }

    @Test
    void linksOutOfTheSourceReachNothing() throws IOException {
        Tenant tenant = new Tenant();
        Path secret = Files.createTempDirectory("secret-");
        Files.writeString(secret.resolve("Dockerfile"), "FROM scratch\n");
        tenant.repositoryWith("COPY . /copied\nRUN ls -R /copied; cat /copied/stolen/Dockerfile");
        BuildTestEnvironment.git().link(tenant.repository(), "stolen", secret.toString());

        BuildFailed copied = Tenant.failed(messages, tenant.start(messages, tenant.git()));
        BuildFailed root = Tenant.failed(messages, tenant.start(messages, tenant.git(null, "stolen", null)));
        BuildFailed file = Tenant.failed(messages, tenant.start(messages, tenant.git(null, null, "stolen/Dockerfile")));

        assertThat(copied.failure().message()).contains("can't open '/copied/stolen/Dockerfile'");
        assertThat(root.failure().code()).isEqualTo("SOURCE_PATH_INVALID");
        assertThat(file.failure().code()).isEqualTo("DOCKERFILE_NOT_FOUND");
    }

    @Test
    void ignoredFilesStayOutOfTheImage() {
        Tenant tenant = new Tenant();
        BuildTestEnvironment.git()
                .commit(
                        tenant.repository(),
                        Map.of(
                                ".dockerignore", "Dockerfile\n**/*.log\nnode_modules\n!keep.log\n",
                                "a/b/noise.log", "x",
                                "keep.log", "x",
                                "node_modules/big.js", "x"),
                        "Noise");

        BuildId build = tenant.start(messages, tenant.repositoryWith("COPY . /all\nRUN cd /all && find . -type f"));

        Tenant.succeeded(messages, build);
        assertThat(linesOf(build)).contains("./keep.log").doesNotContain("./a/b/noise.log", "./node_modules/big.js");
    }

    @Test
    void anotherTenantsImageIsNoBaseImage() {
        Tenant victim = new Tenant();
        BuildSucceeded theirs = victim.build(messages, victim.repositoryWith("CMD [\"/bin/true\"]"));
        Tenant thief = new Tenant();

        String direct = theirs.image().reference();
        for (String from : Stream.of(direct, direct.replace("127.0.0.1", "localhost"), "${R}/" + victim.scope())
                .toList()) {
            BuildTestEnvironment.git()
                    .commit(
                            thief.repository(),
                            Map.of("Dockerfile", "ARG R=" + BuildTestEnvironment.registry() + "\nFROM " + from + "\n"),
                            "Steal");
            BuildFailed failed = Tenant.failed(messages, thief.start(messages, thief.git()));
            assertThat(failed.failure().code()).as(from).isEqualTo("IMAGE_FORBIDDEN");
        }
    }

    @Test
    void aDockerfileThatNeedsBuildKitIsBuiltByIt() {
        Tenant tenant = new Tenant();
        Map<String, Sealed> environment = Map.of("TOKEN", seal(tenant, "TOKEN", "a b'c"));
        ServiceSource source = tenant.repositoryWith("""
                ARG TOKEN
                RUN --mount=type=cache,target=/cache echo "token=$TOKEN" > /token && cat /token
                CMD ["/bin/cat", "/token"]""");

        BuildId build = tenant.send(messages, tenant.command(source, environment));

        assertThat(Tenant.succeeded(messages, build).image().config().command()).containsExactly("/bin/cat", "/token");
        assertThat(linesOf(build)).contains("Building with BuildKit").anyMatch(line -> line.endsWith("token=a b'c"));
    }

    @Test
    void aBuilderThatIsNotInstalledSaysHowToInstallIt() {
        Tenant tenant = new Tenant();
        BuildTestEnvironment.git().commit(tenant.repository(), Map.of("main.py", "print(1)"), "Python");

        for (String builder : List.of("railpack", "nixpacks")) {
            BuildFailed failed =
                    Tenant.failed(messages, tenant.send(messages, tenant.command(tenant.git(), builder, null)));
            assertThat(failed.failure().code()).isEqualTo("BUILDER_UNAVAILABLE");
            assertThat(failed.failure().message()).contains(builder + " is not installed", "https://" + builder);
        }
    }

    @Test
    void aProcfileStartsAnImageThatDoesNotSayHow() {
        Tenant tenant = new Tenant();
        BuildTestEnvironment.git()
                .commit(
                        tenant.repository(),
                        Map.of(
                                "Dockerfile",
                                "FROM " + BuildTestEnvironment.BUSYBOX + "\nARG STARTED\n",
                                "Procfile",
                                "# how to start\nweb: serve --port $PORT && true\nworker:  work hard \nnot a line\n"),
                        "Procfile");

        assertThat(commandOf(tenant, ServiceKind.WEB)).containsExactly("/bin/sh", "-c", "serve --port $PORT && true");
        assertThat(commandOf(tenant, ServiceKind.WORKER)).containsExactly("/bin/sh", "-c", "work hard");
        assertThat(commandOf(tenant, ServiceKind.CRON)).endsWith("serve --port $PORT && true");
        tenant.repositoryWith("CMD [\"/bin/true\"]");
        assertThat(commandOf(tenant, ServiceKind.WEB)).containsExactly("/bin/true");
    }

    private static List<String> commandOf(Tenant tenant, ServiceKind kind) {
        BuildId build = tenant.send(messages, tenant.command(tenant.git(), null, kind));
        return Tenant.succeeded(messages, build).image().config().command();
    }
}
