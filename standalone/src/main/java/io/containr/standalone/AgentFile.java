package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/**
 * An operator's own settings of the agent, {@code settings/proxmox-agent.yml}. Where they name a cluster there is no simulated one, and
 * nothing here overrules them; the regions that they name are those that all services know.
 */
final class AgentFile {

    private static final String URL = "containr.agent.proxmox.url";
    private static final String REGIONS = "containr.agent.regions";

    private final List<ConfigurationPropertySource> sources = new ArrayList<>();

    private AgentFile(List<PropertySource<?>> documents) {
        ConfigurationPropertySources.from(documents).forEach(sources::add);
    }

    static AgentFile of(Home home) {
        Path file = home.settings().resolve("proxmox-agent.yml");
        if (!Files.exists(file)) {
            return new AgentFile(List.of());
        }
        try {
            return new AgentFile(new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Whether the agent is to speak with a cluster of the operator's. */
    boolean namesCluster() {
        return has(URL);
    }

    boolean has(String setting) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(setting);
        return sources.stream().anyMatch(source -> source.getConfigurationProperty(name) != null);
    }

    /** Their names, in order. */
    Set<String> regions() {
        return new TreeSet<>(new Binder(sources)
                .bind(REGIONS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet());
    }
}
