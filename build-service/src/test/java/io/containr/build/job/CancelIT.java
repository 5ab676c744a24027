package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildServiceTest;
import io.containr.build.BuildTestEnvironment;
import io.containr.build.Tenant;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.log.LogLines;
import io.containr.testing.TestMessages;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@BuildServiceTest
class CancelIT {

    private static TestMessages messages;

    @Autowired
    JdbcClient jdbc;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUN ", "RUN --mount=type=cache,target=/cache "})
    void cancellingEndsTheStepThatRuns(String run) {
        Tenant tenant = new Tenant();
        String marker = "sleeper-" + tenant.service();
        BuildId build = tenant.start(messages, tenant.repositoryWith(run + "echo " + marker + " && sleep 600"));
        messages.await(
                LogLines.class,
                lines -> build.equals(lines.build())
                        && lines.lines().stream()
                                .anyMatch(line -> line.text().endsWith(marker)
                                        && !line.text().contains("echo")));

        messages.publish(new CancelBuild(build, "superseded"), tenant.service());

        messages.await(BuildCancelled.class, event -> event.build().equals(build));
        Awaitility.await()
                .untilAsserted(() -> assertThat(ProcessHandle.allProcesses()
                                .map(process -> process.info().commandLine().orElse("")))
                        .noneMatch(command -> command.contains(marker)));
        assertThat(messages.all(BuildFailed.class))
                .noneMatch(event -> event.build().equals(build));
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(BuildTestEnvironment.workDirectory().resolve(build.toString()))
                                .doesNotExist());
    }

    @Test
    void aBuildThatWaitsIsCancelledWithoutEverStarting() {
        Tenant tenant = new Tenant();
        String sleep = "RUN echo " + tenant.service() + " && sleep 600";
        BuildId first = tenant.start(messages, tenant.repositoryWith(sleep));
        BuildId second = tenant.start(messages, tenant.git());
        messages.await(BuildStarted.class, event -> event.build().equals(first));
        messages.await(BuildStarted.class, event -> event.build().equals(second));
        BuildId third = tenant.start(messages, tenant.git());
        Awaitility.await().untilAsserted(() -> assertThat(status(third)).isEqualTo("PENDING"));

        messages.publish(new CancelBuild(third, "not needed"), tenant.service());
        messages.await(BuildCancelled.class, event -> event.build().equals(third));
        messages.publish(new CancelBuild(first, "not needed"), tenant.service());
        messages.publish(new CancelBuild(second, "not needed"), tenant.service());
        messages.await(BuildCancelled.class, event -> event.build().equals(first));
        messages.await(BuildCancelled.class, event -> event.build().equals(second));

        assertThat(messages.all(BuildStarted.class))
                .noneMatch(event -> event.build().equals(third));
    }

    @Test
    void whoeverHasNothingRunningGoesFirst() {
        Tenant busy = new Tenant();
        busy.repositoryWith("RUN echo " + busy.service() + " && sleep 600");
        List<BuildId> many =
                Stream.generate(() -> busy.start(messages, busy.git())).limit(4).toList();
        BuildId first = messages.await(BuildStarted.class, event -> many.contains(event.build()))
                .build();
        BuildId second = messages.await(
                        BuildStarted.class,
                        event -> many.contains(event.build()) && !event.build().equals(first))
                .build();
        Tenant other = new Tenant();
        BuildId theirs = other.start(messages, other.repositoryWith("CMD [\"/bin/true\"]"));
        Awaitility.await().untilAsserted(() -> assertThat(status(theirs)).isEqualTo("PENDING"));

        messages.publish(new CancelBuild(first, "make room"), busy.service());
        messages.await(BuildStarted.class, event -> event.build().equals(theirs));

        assertThat(messages.all(BuildStarted.class))
                .extracting(BuildStarted::build)
                .filteredOn(many::contains)
                .containsExactlyInAnyOrder(first, second);
        many.forEach(build -> messages.publish(new CancelBuild(build, "enough"), busy.service()));
        many.forEach(build ->
                messages.await(BuildCancelled.class, event -> event.build().equals(build)));
    }

    @Test
    void aBuildThatHasEndedStaysAsItIs() {
        Tenant tenant = new Tenant();
        BuildSucceeded succeeded = tenant.build(messages, tenant.repositoryWith("CMD [\"/bin/true\"]"));

        messages.publish(new CancelBuild(succeeded.build(), "too late"), tenant.service());
        tenant.build(messages, tenant.git());

        assertThat(status(succeeded.build())).isEqualTo("SUCCESS");
        assertThat(messages.all(BuildCancelled.class))
                .noneMatch(event -> event.build().equals(succeeded.build()));
    }

    private String status(BuildId build) {
        return jdbc.sql("select status from build where id = :id")
                .param("id", build.value())
                .query(String.class)
                .optional()
                .orElse("");
    }
}
