package io.containr.agent.proxmox;

import io.containr.agent.AgentProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The agent's connection, with its token. */
@Configuration(proxyBeanMethods = false)
class ProxmoxConfiguration {

    @Bean
    ProxmoxConnection proxmoxConnection(AgentProperties properties) throws IOException, GeneralSecurityException {
        AgentProperties.Proxmox settings = properties.proxmox();
        return ProxmoxConnection.open(
                new ProxmoxConnection.Endpoint(
                        settings.url(),
                        settings.fingerprint(),
                        settings.caFile(),
                        settings.connectTimeout(),
                        settings.readTimeout()),
                ProxmoxConnection.tokenIn(settings.tokenFile()));
    }

    @Bean
    Proxmox proxmox(ProxmoxConnection proxmoxConnection, MeterRegistry metrics) {
        return MeteredProxmox.of(Proxmox.class, proxmoxConnection.proxmox(), metrics);
    }

    @Bean
    ProxmoxFirewall proxmoxFirewall(ProxmoxConnection proxmoxConnection, MeterRegistry metrics) {
        return MeteredProxmox.of(ProxmoxFirewall.class, proxmoxConnection.firewall(), metrics);
    }

    @Bean
    ProxmoxUploads proxmoxUploads(ProxmoxConnection proxmoxConnection, MeterRegistry metrics) {
        return MeteredProxmox.of(ProxmoxUploads.class, proxmoxConnection.uploads(), metrics);
    }

    @Bean
    ProxmoxBackups proxmoxBackups(ProxmoxConnection proxmoxConnection, MeterRegistry metrics) {
        return MeteredProxmox.of(ProxmoxBackups.class, proxmoxConnection.backups(), metrics);
    }

    @Bean
    ProxmoxUsage proxmoxUsage(ProxmoxConnection proxmoxConnection, MeterRegistry metrics) {
        return MeteredProxmox.of(ProxmoxUsage.class, proxmoxConnection.usage(), metrics);
    }
}
