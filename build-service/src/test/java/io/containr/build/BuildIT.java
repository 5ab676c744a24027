package io.containr.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.config.name=build-service")
@ContextConfiguration(initializers = {TestEnvironment.class, BuildTestEnvironment.class})
class BuildIT {

    private static TestMessages messages;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void aCommandBecomesAPreparedImage() {
        Tenant tenant = new Tenant();
        BuildTestEnvironment.git()
                .commit(
                        "hello",
                        Map.of("Dockerfile", """
                FROM %s
                COPY index.html /srv/index.html
                CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/srv"]
                """.formatted(BuildTestEnvironment.BUSYBOX), "index.html", "hello"),
                        "Say hello");
        for (int i = 0; i < 4; i++) {
            BuildTestEnvironment.git().commit("hello", Map.of("index.html", "hello" + i), "Say hello");
            BuildId build = tenant.start(messages, tenant.git("hello"));
            long start = System.nanoTime();
            messages.await(BuildStarted.class, event -> event.build().equals(build));
            BuildSucceeded succeeded =
                    messages.await(BuildSucceeded.class, event -> event.build().equals(build));
            System.out.println("TOOK " + (System.nanoTime() - start) / 1_000_000 + " " + succeeded.phases());

            assertThat(succeeded.commit().message()).isEqualTo("Say hello");
            assertThat(succeeded.image().config().command()).contains("httpd");
            assertThat(succeeded.phases()).containsOnlyKeys("clone", "build", "push", "prepare");
        }
        assertThat(messages.all(BuildFailed.class)).isEmpty();
    }
}
