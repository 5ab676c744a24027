package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.deploy.DeployEvent.DeploymentSucceeded;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.work.WorkQueue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** The loop dies again and again, just before a step is committed and just after: every step still takes effect once. */
@Import(CrashIT.Crashes.class)
class CrashIT extends DeployServiceTest {

    @Autowired
    DyingTransactions transactions;

    @Autowired
    WorkQueue reconcile;

    @Test
    void aDeploymentEndsTheSameHoweverOftenTheLoopDies() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        await().atMost(Duration.ofSeconds(40))
                .until(() -> deployment(id).text("/deployment/status").equals("deployed"));
        // Who failed seven times in a row is tried again half a minute later, unless something wakes it before.
        await().atMost(Duration.ofSeconds(40)).until(() -> {
            reconcile.wake(spec.service());
            return messages.all(RemoveInstance.class).stream()
                    .anyMatch(command -> command.instance().equals(old.instance()));
        });
        await().untilAsserted(() -> assertThat(state(spec)).isEqualTo("running"));

        assertThat(transactions.deaths.get()).isGreaterThan(10);
        assertThat(messages.all(StartBuild.class))
                .filteredOn(build -> id.equals(build.deployment()))
                .hasSize(1);
        assertThat(messages.all(EnsureInstance.class))
                .filteredOn(command -> command.spec().deployment().equals(id))
                .hasSize(1);
        assertThat(messages.all(DeploymentSucceeded.class))
                .filteredOn(event -> event.deployment().equals(id))
                .hasSize(1);
        assertThat(routed(spec.service())).containsExactly(instanceOf(id).instance());
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Crashes {

        @Bean
        @Primary
        DyingTransactions dyingTransactions(PlatformTransactionManager manager) {
            return new DyingTransactions(new TransactionTemplate(manager));
        }
    }

    /** Of four transactions one dies before its commit and one after it. */
    static final class DyingTransactions implements TransactionOperations {

        final AtomicInteger deaths = new AtomicInteger();
        private final AtomicInteger calls = new AtomicInteger();
        private final TransactionTemplate template;

        DyingTransactions(TransactionTemplate template) {
            this.template = template;
        }

        @Override
        public <T extends @Nullable Object> T execute(TransactionCallback<T> action) throws TransactionException {
            int call = calls.getAndIncrement() % 4;
            T result = template.execute(status -> {
                T done = action.doInTransaction(status);
                die(call == 1);
                return done;
            });
            die(call == 3);
            return result;
        }

        private void die(boolean now) {
            if (now) {
                deaths.incrementAndGet();
                throw new IllegalStateException("the process died here");
            }
        }
    }
}
