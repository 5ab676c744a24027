package io.containr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AgentPropertiesTest {

    /** What happens when it is up is shown with a shorter one, over the wire, in ClusterFaultsIT. */
    @Test
    void aCallThatIsNotAnsweredForAMinuteIsGivenUpBefore() {
        AgentProperties.Proxmox settings = new Binder(new MapConfigurationPropertySource(Map.of(
                        "containr.agent.proxmox.url", "https://pve1:8006",
                        "containr.agent.proxmox.token-file", "token",
                        "containr.agent.intake.certificate-file", "intake.pem",
                        "containr.agent.network.cidr", "10.9.0.0/16",
                        "containr.agent.network.gateway", "10.9.0.10")))
                .bind("containr.agent", AgentProperties.class)
                .get()
                .proxmox();
        assertThat(settings.readTimeout()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
        assertThat(settings.connectTimeout()).isLessThan(settings.readTimeout());
    }
}
