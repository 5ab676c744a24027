package io.containr.standalone;

import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A service that runs as a Spring context of this JVM. */
final class ServiceContext implements RunningService {

    private final ConfigurableApplicationContext context;

    private ServiceContext(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static ServiceContext start(Service service, Map<String, String> settings) {
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return new ServiceContext(new SpringApplicationBuilder(service.application())
                .properties("spring.config.name=" + service.name())
                .web(WebApplicationType.SERVLET)
                .registerShutdownHook(false)
                .run(arguments));
    }

    @Override
    public void close() {
        context.close();
    }
}
