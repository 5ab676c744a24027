package io.containr.standalone;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;

/**
 * An operator's own settings of the agent. Where they name a cluster there is no simulated one; the regions that they name are those that
 * all services know.
 */
final class AgentFile {

    private static final String URL = "containr.agent.proxmox.url";
    private static final String REGIONS = "containr.agent.regions";

    private final SettingsFile settings;

    private AgentFile(SettingsFile settings) {
        this.settings = settings;
    }

    static AgentFile of(Home home) {
        return new AgentFile(SettingsFile.of(home, "proxmox-agent"));
    }

    /** Whether the agent is to speak with a cluster of the operator's. */
    boolean namesCluster() {
        return settings.has(URL);
    }

    /** Their names, in order. */
    Set<String> regions() {
        return new TreeSet<>(settings.binder()
                .bind(REGIONS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet());
    }
}
