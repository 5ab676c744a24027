package io.containr.agent.proxmox;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Refuses to start before a Proxmox VE that is too old. One that does not answer is no reason not to start: the agent
 * shows itself unhealthy and touches nothing until it has seen the version.
 */
@Component("proxmox-api")
public class ProxmoxCheck implements HealthIndicator, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ProxmoxCheck.class);

    private final Proxmox proxmox;
    private volatile boolean verified;
    private volatile boolean running;

    ProxmoxCheck(Proxmox proxmox) {
        this.proxmox = proxmox;
    }

    /**
     * Returns once it is certain that the version is supported.
     *
     * @throws IllegalStateException if it is too old
     * @throws ProxmoxException if it cannot be asked
     */
    public void ensureSupported() {
        if (verified) {
            return;
        }
        String version = proxmox.version();
        if (!SupportedVersion.isSupported(version)) {
            throw new IllegalStateException(
                    "Proxmox VE " + version + " cannot run guests from OCI images: 9.1 or newer is needed");
        }
        verified = true;
        log.info("Proxmox VE {} answers", version);
    }

    @Override
    public void start() {
        try {
            ensureSupported();
        } catch (ProxmoxException e) {
            log.warn("Proxmox VE does not answer yet: {}", e.getMessage());
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before every queue and subscription. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }

    @Override
    public Health health() {
        try {
            return Health.up().withDetail("version", proxmox.version()).build();
        } catch (ProxmoxException e) {
            return Health.down().withDetail("reason", e.failure().name()).build();
        }
    }
}
