package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.FileSystemResource;

/** An operator's own settings of one program, {@code settings/PROGRAM.yml}, which nothing here overrules. */
final class SettingsFile {

    private final List<ConfigurationPropertySource> sources = new ArrayList<>();

    /** Empty where there is no such file. */
    static SettingsFile of(Home home, String program) {
        return new SettingsFile(home.settings().resolve(program + ".yml"));
    }

    private SettingsFile(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            ConfigurationPropertySources.from(
                            new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file)))
                    .forEach(sources::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    boolean has(String setting) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(setting);
        return sources.stream().anyMatch(source -> source.getConfigurationProperty(name) != null);
    }

    Optional<String> value(String setting) {
        return Optional.ofNullable(binder().bind(setting, String.class).orElse(null));
    }

    Binder binder() {
        return new Binder(sources);
    }
}
