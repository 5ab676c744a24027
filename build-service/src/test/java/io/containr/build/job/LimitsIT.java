package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildTestEnvironment;
import io.containr.build.Tenant;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.ids.BuildId;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** A service with narrow limits. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=build-service",
            "containr.build.timeout=12s",
            "containr.build.limits.cpu-millis=250",
            "containr.build.limits.memory=48MB",
            "containr.build.log-limit=10KB"
        })
@ContextConfiguration(initializers = {TestEnvironment.class, BuildTestEnvironment.class})
@DirtiesContext
class LimitsIT {

    private static final Pattern TICKS = Pattern.compile("ticks (\\d+)$");

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
    void aStepThatTakesMoreMemoryIsKilled(String run) {
        BuildFailed failed = failure(run + "dd if=/dev/zero of=/dev/null bs=200M count=1 && printf 'sur%s' vived");

        assertThat(failed.failure().code()).isEqualTo("BUILD_FAILED");
        assertThat(failed.failure().message()).contains("137").doesNotContain("survived");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUN ", "RUN --mount=type=cache,target=/cache "})
    void aStepGetsNoMoreThanItsShareOfTheProcessor(String run) {
        Tenant tenant = new Tenant();
        BuildId build = tenant.start(messages, tenant.repositoryWith(run + """
                timeout 3 sh -c 'while :; do :; done'; awk '{ print "ticks", $16 + $17 }' /proc/$$/stat"""));
        Tenant.succeeded(messages, build);

        long ticks = lines(build).stream()
                .map(TICKS::matcher)
                .filter(Matcher::find)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .sum();
        assertThat(ticks).as("hundredths of a second of CPU in 3 s").isBetween(1L, 115L);
    }

    @Test
    void aBuildThatTakesTooLongIsEndedAndNothingOfItRunsOn() {
        Tenant tenant = new Tenant();
        String marker = "sleep-" + tenant.service();
        BuildId build = tenant.start(messages, tenant.repositoryWith("RUN echo " + marker + " && sleep 600"));

        BuildFailed failed = Tenant.failed(messages, build);

        assertThat(failed.failure().code()).isEqualTo("BUILD_TIMEOUT");
        assertThat(failed.failure().message()).contains("12 s").contains(marker);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(BuildTestEnvironment.engine()
                                .listContainersCmd()
                                .exec())
                        .noneMatch(container -> container.getCommand().contains(marker)));
    }

    @Test
    void outputBeyondTheLimitIsNotKept() {
        Tenant tenant = new Tenant();
        BuildId build = tenant.start(
                messages, tenant.repositoryWith("RUN seq 1 20000 # " + tenant.service() + "\nRUN echo the end"));
        Tenant.succeeded(messages, build);

        List<String> lines = lines(build);
        assertThat(lines)
                .contains("1", "The output is too long; the rest is not kept.")
                .doesNotContain("20000", "the end");
        assertThat(lines.getLast()).endsWith("is ready.");
    }

    private static BuildFailed failure(String step) {
        Tenant tenant = new Tenant();
        return Tenant.failed(messages, tenant.start(messages, tenant.repositoryWith(step)));
    }

    private List<String> lines(BuildId build) {
        return jdbc.sql("select text from build_log where build_id = :build order by seq")
                .params(Map.of("build", build.value()))
                .query(String.class)
                .list();
    }
}
