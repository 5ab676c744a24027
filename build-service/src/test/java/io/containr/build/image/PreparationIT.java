package io.containr.build.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import io.containr.build.BuildServiceTest;
import io.containr.build.BuildTestEnvironment;
import io.containr.build.RegistryView;
import io.containr.build.Tenant;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.build.PreparedImage;
import io.containr.guestinit.GuestInitBinary;
import io.containr.testing.TestMessages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@BuildServiceTest
class PreparationIT {

    private static final DockerClient ENGINE = BuildTestEnvironment.engine();

    private static TestMessages messages;

    @TempDir
    Path context;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void whatAnImageSaysAboutRunningItSurvives() throws Exception {
        String image = usersImage("""
                FROM %s
                ENV NGINX_VERSION=1.29 EMPTY=
                VOLUME /var/cache /data
                EXPOSE 443 80
                USER 101:101
                WORKDIR /srv/www
                STOPSIGNAL SIGQUIT
                ENTRYPOINT ["/docker-entrypoint.sh"]
                CMD ["nginx", "-g", "daemon off;"]
                """.formatted(BuildTestEnvironment.BUSYBOX));
        Tenant tenant = new Tenant();

        BuildSucceeded succeeded = tenant.build(messages, Tenant.image(image));

        assertThat(succeeded.commit()).isNull();
        assertThat(succeeded.phases()).containsOnlyKeys("prepare");
        PreparedImage.Config config = succeeded.image().config();
        assertThat(config.entrypoint()).containsExactly("/docker-entrypoint.sh");
        assertThat(config.command()).containsExactly("nginx", "-g", "daemon off;");
        assertThat(config.user()).isEqualTo("101:101");
        assertThat(config.workingDirectory()).isEqualTo("/srv/www");
        assertThat(config.stopSignal()).isEqualTo("SIGQUIT");
        assertThat(config.exposedPorts()).containsExactly(80, 443);
        assertThat(config.volumes()).containsExactly("/data", "/var/cache");
        assertThat(config.environment()).containsEntry("NGINX_VERSION", "1.29").containsEntry("EMPTY", "");
        assertThat(config.architecture()).isEqualTo("amd64");

        JsonNode prepared = RegistryView.configuration(succeeded.image()).path("config");
        assertThat(prepared.path("Entrypoint").toString()).isEqualTo("[\"/.containr/init\"]");
        assertThat(prepared.path("User").asString()).isEqualTo("0");
        assertThat(prepared.path("WorkingDir").asString()).isEqualTo("/");
        assertThat(prepared.has("StopSignal")).isFalse();
        assertThat(prepared.has("Cmd")).isFalse();
        assertThat(prepared.path("Env").toString()).contains("NGINX_VERSION=1.29");
    }

    @Test
    void anImageWithoutAShellGetsTheRealGuestInitAndTheEngineAcceptsIt() throws Exception {
        Files.writeString(context.resolve("program"), "no shell here");
        String image = usersImage("FROM scratch\nCOPY program /program\nENTRYPOINT [\"/program\"]\n");
        Tenant tenant = new Tenant();

        PreparedImage prepared = tenant.build(messages, Tenant.image(image)).image();

        assertThat(prepared.config().stopSignal()).isEqualTo("SIGTERM");
        assertThat(prepared.config().workingDirectory()).isEqualTo("/");
        assertThat(prepared.config().user()).isEmpty();
        ENGINE.pullImageCmd(prepared.repository())
                .withTag(prepared.tag())
                .exec(new ResultCallback.Adapter<PullResponseItem>())
                .awaitCompletion();
        String container =
                ENGINE.createContainerCmd(prepared.reference()).exec().getId();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                ENGINE.copyArchiveFromContainerCmd(container, "/.containr/init").exec())) {
            TarArchiveEntry init = tar.getNextEntry();
            assertThat(init.getMode() & 0777).isEqualTo(0755);
            assertThat(init.getLongUserId()).isZero();
            try (InputStream binary = GuestInitBinary.open()) {
                assertThat(tar.readAllBytes()).isEqualTo(binary.readAllBytes());
            }
        } finally {
            ENGINE.removeContainerCmd(container).exec();
            ENGINE.removeImageCmd(prepared.reference()).exec();
        }
    }

    @Test
    void theSameImageIsPreparedTheSameForEverybody() throws Exception {
        String image = usersImage("FROM " + BuildTestEnvironment.BUSYBOX + "\nCMD [\"/bin/true\"]\n");
        Tenant one = new Tenant();
        Tenant other = new Tenant();

        PreparedImage first = one.build(messages, Tenant.image(image)).image();
        PreparedImage again = one.build(messages, Tenant.image(image)).image();
        PreparedImage theirs = other.build(messages, Tenant.image(image)).image();

        assertThat(again).isEqualTo(first);
        assertThat(theirs.digest()).isEqualTo(first.digest());
        assertThat(theirs.repository()).isNotEqualTo(first.repository());
    }

    @Test
    void anImageLostFromTheRegistryIsPreparedAgain() throws Exception {
        String image = usersImage("FROM " + BuildTestEnvironment.BUSYBOX + "\nCMD [\"/bin/false\"]\n");
        Tenant tenant = new Tenant();
        PreparedImage first = tenant.build(messages, Tenant.image(image)).image();
        RegistryView.delete(tenant.scope(), first.digest());

        PreparedImage again = tenant.build(messages, Tenant.image(image)).image();

        assertThat(again).isEqualTo(first);
        assertThat(RegistryView.exists(tenant.scope(), first.tag())).isTrue();
    }

    @Test
    void anImageThatInsistsOnBeingPid1IsRefused() throws Exception {
        String image = usersImage("FROM " + BuildTestEnvironment.BUSYBOX + "\nENTRYPOINT [\"/init\"]\n");

        BuildFailed failed = failure(image);

        assertThat(failed.failure().code()).isEqualTo("IMAGE_NEEDS_PID1");
        assertThat(failed.failure().message()).contains("s6-overlay");
    }

    @Test
    void imagesThatCannotBeHadAreNamed() {
        Tenant victim = new Tenant();
        PreparedImage theirs = victim.build(messages, victim.repositoryWith("CMD [\"/bin/true\"]"))
                .image();

        assertThat(failure(BuildTestEnvironment.usersRegistry() + "/no/such:image")
                        .failure()
                        .code())
                .isEqualTo("IMAGE_NOT_FOUND");
        assertThat(failure("Not An Image").failure().code()).isEqualTo("IMAGE_INVALID");
        assertThat(failure("127.0.0.1:1/x:1").failure().code()).isEqualTo("IMAGE_FORBIDDEN");
        assertThat(failure("no-such-host.invalid/x:1").failure().code()).isEqualTo("IMAGE_NOT_FOUND");
        assertThat(failure(theirs.reference()).failure().code()).isEqualTo("IMAGE_FORBIDDEN");
        assertThat(failure(theirs.reference().replace("127.0.0.1", "localhost"))
                        .failure()
                        .code())
                .isEqualTo("IMAGE_FORBIDDEN");
    }

    @Test
    void oneOfSeveralPlatformsIsChosenAndNoneIsAnError() throws Exception {
        String image = usersImage("FROM " + BuildTestEnvironment.BUSYBOX + "\nCMD [\"/bin/true\"]\n");
        String list = RegistryView.pushIndex(image, "amd64");
        String foreign = RegistryView.pushIndex(image, "riscv64");
        Tenant tenant = new Tenant();

        assertThat(tenant.build(messages, Tenant.image(list)).image().digest())
                .isEqualTo(tenant.build(messages, Tenant.image(image)).image().digest());
        assertThat(failure(foreign).failure().code()).isEqualTo("IMAGE_PLATFORM_UNSUPPORTED");
    }

    private static BuildFailed failure(String image) {
        Tenant tenant = new Tenant();
        return Tenant.failed(messages, tenant.start(messages, Tenant.image(image)));
    }

    /** Builds an image and pushes it to the users' registry; the engine keeps nothing of it. */
    private String usersImage(String dockerfile) throws IOException, InterruptedException {
        Files.copy(
                new ByteArrayInputStream(dockerfile.getBytes(StandardCharsets.UTF_8)), context.resolve("Dockerfile"));
        String name = BuildTestEnvironment.usersRegistry() + "/apps/" + UUID.randomUUID() + ":1";
        ENGINE.buildImageCmd(context.toFile()).withTags(Set.of(name)).start().awaitImageId();
        ENGINE.pushImageCmd(name).start().awaitCompletion();
        ENGINE.removeImageCmd(name).exec();
        return name;
    }
}
