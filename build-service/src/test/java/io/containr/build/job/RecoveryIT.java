package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildServiceTest;
import io.containr.build.Tenant;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.project.ServiceSource;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.Origin;
import io.containr.testing.TestMessages;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a process leaves behind that died in the middle of a build: a running row, and a lease that ran out. */
@BuildServiceTest
class RecoveryIT {

    private static TestMessages messages;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MessageCodec codec;

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @Test
    void aBuildWhoseWorkerDiedIsBuiltOnceMore() {
        Tenant tenant = new Tenant();
        ServiceSource source = tenant.repositoryWith("RUN echo built");
        BuildId build = abandoned(tenant, source, 1);

        BuildSucceeded succeeded = Tenant.succeeded(messages, build);

        assertThat(succeeded.image().repository()).endsWith(tenant.scope());
        assertThat(lines(build)).startsWith("before the crash").contains("built");
        assertThat(messages.all(BuildStarted.class))
                .noneMatch(event -> event.build().equals(build));
    }

    @Test
    void aBuildWhoseWorkerDiedTwiceIsFailed() {
        Tenant tenant = new Tenant();
        BuildId build = abandoned(tenant, tenant.repositoryWith("RUN echo built"), 2);

        BuildFailed failed = Tenant.failed(messages, build);

        assertThat(failed.failure().code()).isEqualTo("BUILD_WORKER_LOST");
        assertThat(lines(build)).containsExactly("before the crash");
    }

    private BuildId abandoned(Tenant tenant, ServiceSource source, int attempts) {
        BuildId build = new BuildId(Ids.next());
        BuildRequest request =
                new BuildRequest(source, null, null, null, null, null, null, null, Map.of(), Map.of(), Map.of(), null);
        jdbc.sql("""
                insert into build (id, service_id, project_id, owner_id, status, attempts, request, created_at, origin)
                values (:id, :service, :project, :owner, 'RUNNING', :attempts, :request, :now, :origin)""")
                .param("id", build.value())
                .param("service", tenant.service().value())
                .param("project", tenant.project().value())
                .param("owner", tenant.user().value())
                .param("attempts", attempts)
                .param("request", new String(codec.write(request), StandardCharsets.UTF_8))
                .param("now", Timestamp.from(Instant.now()))
                .param("origin", new String(codec.write(Origin.system(Ids.next())), StandardCharsets.UTF_8))
                .update();
        jdbc.sql("insert into build_log values (:id, 7, now(), 'stdout', 'before the crash')")
                .param("id", build.value())
                .update();
        jdbc.sql("""
                insert into work (queue, key, due_at, lease_owner, lease_until)
                values ('builds', :id, now() - interval '1 minute', :worker, now() - interval '1 second')""").param("id", build.toString()).param("worker", Ids.next()).update();
        return build;
    }

    private List<String> lines(BuildId build) {
        return jdbc.sql("select text from build_log where build_id = :id order by seq")
                .param("id", build.value())
                .query(String.class)
                .list();
    }
}
