package io.containr.standalone;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How {@code up --processes} runs a service, for who measures one alone.
 *
 * @param line program and arguments
 * @param environment with the service's settings, which may hold passwords
 */
public record ServiceCommand(List<String> line, Map<String, String> environment) {

    public ServiceCommand {
        line = List.copyOf(line);
        environment = Map.copyOf(environment);
    }

    /**
     * The command of a service whose program was built.
     *
     * @param root the project's folder
     * @param home for logs
     * @param makeCache whether the service makes a cache of its classes at its end where there is none, by which its next start is quicker
     */
    public static ServiceCommand of(
            Path root, Path home, String name, Class<?> application, Map<String, String> settings, boolean makeCache) {
        return new ServiceCommand(
                new Programs(new Home(root, home)).serviceCommand(name, application, makeCache),
                Programs.serviceEnvironment(settings));
    }

    @Override
    public String toString() {
        return "ServiceCommand" + line;
    }
}
