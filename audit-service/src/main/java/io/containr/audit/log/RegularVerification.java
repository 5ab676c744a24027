package io.containr.audit.log;

import io.containr.audit.AuditSettings;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import java.time.Clock;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has the chain checked every now and then, by one copy of this service. */
@Configuration(proxyBeanMethods = false)
class RegularVerification {

    private static final String CHAIN = "chain";

    @Bean
    WorkQueue chainChecks(WorkQueues queues, ChainVerifier verifier, AuditSettings settings) {
        return queues.create("audit-chain-check", 1, work -> {
            verifier.verify();
            return Next.after(settings.verifyEvery());
        });
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> firstChainCheck(
            WorkQueue chainChecks, AuditSettings settings, Clock clock) {
        return ready -> chainChecks.wake(CHAIN, clock.instant().plus(settings.verifyEvery()));
    }
}
