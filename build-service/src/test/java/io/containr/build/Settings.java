package io.containr.build;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as the service would read them. */
public final class Settings {

    private Settings() {}

    public static BuildProperties of(Map<String, String> settings) {
        Map<String, String> prefixed = new HashMap<>();
        prefixed.put("containr.build.work-directory", "/nonexistent/work");
        settings.forEach((name, value) -> prefixed.put("containr.build." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bind("containr.build", BuildProperties.class)
                .get();
    }
}
