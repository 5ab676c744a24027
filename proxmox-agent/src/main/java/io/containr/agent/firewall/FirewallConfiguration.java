package io.containr.agent.firewall;

import io.containr.agent.AgentProperties;
import io.containr.agent.upkeep.Chore;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts queue, loop and sweep together. */
@Configuration(proxyBeanMethods = false)
class FirewallConfiguration {

    private static final int CONCURRENCY = 8;

    @Bean
    WorkQueue firewallQueue(WorkQueues queues, ObjectProvider<GuestFirewalls> firewalls) {
        return queues.create(
                "firewalls", CONCURRENCY, work -> firewalls.getObject().look(work));
    }

    @Bean
    Chore firewallSweep(GuestFirewalls firewalls, AgentProperties properties) {
        return new Chore() {
            @Override
            public String name() {
                return "firewalls";
            }

            @Override
            public Duration interval() {
                return properties.watch().cleanupInterval();
            }

            @Override
            public void run() {
                firewalls.sweep();
            }
        };
    }
}
