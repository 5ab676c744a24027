package io.containr.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway as it runs in earnest, on free ports. */
public final class RunningGateway implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private RunningGateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param settings as {@code name=value}; they win over the usual ones */
    public static RunningGateway start(Path directory, String kafka, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--management.server.port=0",
                "--spring.lifecycle.timeout-per-shutdown-phase=2s",
                "--spring.kafka.bootstrap-servers=" + kafka,
                "--containr.gateway.directory=" + directory));
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        return new RunningGateway(new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=gateway")
                .run(arguments.toArray(String[]::new)));
    }

    public int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    public int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A client that asks this gateway. */
    public Visitor visitor() {
        return new Visitor(port());
    }

    /** A client of the port for operators. */
    public Visitor operator() {
        return new Visitor(managementPort());
    }

    @Override
    public void close() {
        context.close();
    }
}
