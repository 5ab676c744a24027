package io.containr.build.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.NotFoundException;
import io.containr.build.BuildServiceTest;
import io.containr.build.BuildTestEnvironment;
import io.containr.build.RegistryView;
import io.containr.build.Tenant;
import io.containr.build.job.Build;
import io.containr.build.job.BuildDesk;
import io.containr.build.job.BuildRequest;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ServiceSource;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Origins;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@BuildServiceTest
class CleanupIT {

    private static TestMessages messages;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Housekeeping housekeeping;

    @Autowired
    BuildDesk desk;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void imagesThatNoReleaseRetainsLeaveTheRegistry() {
        Tenant tenant = new Tenant();
        build(tenant, "one");
        PreparedImage current = build(tenant, "two");
        assertThat(RegistryView.tags(tenant.scope())).hasSize(4);

        messages.publish(
                new ReleasesRetained(tenant.service(), tenant.project(), Set.of(current.digest())), tenant.service());

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(RegistryView.tags(tenant.scope())).containsExactly(current.tag()));
        PreparedImage again = build(tenant, "one");
        assertThat(RegistryView.exists(tenant.scope(), again.tag())).isTrue();
    }

    private static PreparedImage build(Tenant tenant, String content) {
        return tenant.build(messages, tenant.repositoryWith("CMD [\"/bin/echo\", \"" + content + "\"]"))
                .image();
    }

    @Test
    void nothingStaysOfAServiceThatWasDeleted() {
        Tenant tenant = new Tenant();
        messages.publish(new ServiceCreated(tenant.spec(tenant.git())), tenant.project());
        PreparedImage image = build(tenant, "x");
        BuildId running = tenant.start(messages, tenant.repositoryWith("RUN echo " + tenant.service() + "; sleep 600"));
        messages.await(BuildStarted.class, event -> event.build().equals(running));

        messages.publish(new ServiceDeleted(tenant.service(), tenant.project(), tenant.user()), tenant.project());

        messages.await(BuildCancelled.class, event -> event.build().equals(running));
        Awaitility.await().untilAsserted(() -> {
            assertThat(RegistryView.exists(tenant.scope(), image.tag())).isFalse();
            assertThat(RegistryView.tags(tenant.scope())).isEmpty();
            assertThat(rows("build", tenant)).isZero();
        });
        Assertions.assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> BuildTestEnvironment.engine()
                        .inspectImageCmd("containr.invalid/" + tenant.scope())
                        .exec());
    }

    @Test
    void ofWhatIsBuiltForAProjectAloneOnlyNamesStayAndNothingOnceItIsDeleted() {
        Tenant tenant = new Tenant();
        String scope = "p/" + tenant.project();
        named(tenant, tenant.repositoryWith("CMD [\"/bin/echo\", \"x\"]"));
        assertThat(RegistryView.tags(scope)).isNotEmpty();

        housekeeping.sweep();

        assertThat(RegistryView.tags(scope)).isEmpty();
        assertThat(RegistryView.exists(scope + "/shop", "one")).isTrue();

        named(tenant, tenant.repositoryWith("CMD [\"/bin/echo\", \"y\"]"));
        messages.publish(new ProjectDeleted(tenant.project(), tenant.user()), tenant.project());

        Awaitility.await().untilAsserted(() -> {
            assertThat(RegistryView.tags(scope)).isEmpty();
            assertThat(RegistryView.exists(scope + "/shop", "one")).isFalse();
            assertThat(jdbc.sql("select count(*) from build where project_id = :project")
                            .param("project", tenant.project().value())
                            .query(Long.class)
                            .single())
                    .isZero();
        });
    }

    /** Builds for the project, under a name. */
    private void named(Tenant tenant, ServiceSource source) {
        Build build = Build.pending(
                new BuildId(Ids.next()),
                null,
                tenant.project(),
                tenant.user(),
                null,
                new BuildRequest(source, null, null, null, null, null, null, null, Map.of(), Map.of(), Map.of(), null),
                "shop",
                "one",
                Instant.now(),
                Origins.current());
        desk.request(build);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> jdbc.sql("select status from build where id = :id")
                                .param("id", build.id().value())
                                .query(String.class)
                                .single(),
                        "SUCCESS"::equals);
    }

    private long rows(String table, Tenant tenant) {
        return jdbc.sql("select count(*) from " + table + " where service_id = :service")
                .param("service", tenant.service().value())
                .query(Long.class)
                .single();
    }

    @Test
    void whatADeadProcessLeftOnTheMachineIsSwept() throws IOException {
        BuildId dead = new BuildId(Ids.next());
        Path directory = Files.createDirectories(
                BuildTestEnvironment.workDirectory().resolve(dead.toString()).resolve("source"));
        Path foreign =
                Files.createDirectories(BuildTestEnvironment.workDirectory().resolve("not-a-build"));
        String name = BuildTestEnvironment.registry() + "/s/" + Ids.next();
        BuildTestEnvironment.engine()
                .tagImageCmd(BuildTestEnvironment.BUSYBOX, name, "build-" + dead)
                .exec();

        housekeeping.sweep();

        assertThat(directory).doesNotExist();
        assertThat(foreign).exists();
        Assertions.assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> BuildTestEnvironment.engine()
                        .inspectImageCmd(name + ":build-" + dead)
                        .exec());
        Files.delete(foreign);
    }
}
