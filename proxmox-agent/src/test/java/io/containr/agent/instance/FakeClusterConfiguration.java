package io.containr.agent.instance;

import io.containr.agent.proxmox.FakeCluster;
import io.containr.local.Ports;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** An agent before a cluster in memory. */
@TestConfiguration(proxyBeanMethods = false)
class FakeClusterConfiguration {

    @Bean
    @Primary
    FakeCluster fakeCluster() {
        return new FakeCluster(Ports.free());
    }
}
