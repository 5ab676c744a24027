package io.containr.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route;
import io.containr.runtime.messaging.MessageCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFileTest {

    @TempDir
    Path directory;

    @Test
    void keepsRoutesAndReplacesThemAsAWhole() throws IOException {
        RouteFile file = new RouteFile(directory, new MessageCodec());
        assertThat(file.load()).isEmpty();

        file.save(List.of(route("a", 1), route("b", 1)));
        file.save(List.of(route("a", 2)));

        assertThat(file.load()).contains(List.of(route("a", 2)));
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactly("routes.json");
        }
    }

    @Test
    void aFileThatCannotBeReadIsPutAside() throws IOException {
        Files.writeString(directory.resolve("routes.json"), "{\"version\":1,\"routes\":[{");
        RouteFile file = new RouteFile(directory, new MessageCodec());

        assertThat(file.load()).isEmpty();
        assertThat(directory.resolve("routes.json.unreadable")).exists();
    }

    @Test
    void theIdStaysTheSame() throws IOException {
        GatewayId made = GatewayId.of(null, directory);

        assertThat(GatewayId.of(null, directory)).isEqualTo(made);
        assertThat(GatewayId.of("edge-1", directory).value()).isEqualTo("edge-1");
    }

    private static Route route(String host, long generation) {
        return new Route(
                host,
                new ServiceId(new UUID(0, 1)),
                new ProjectId(new UUID(0, 2)),
                generation,
                List.of(new Route.Target(new InstanceId(new UUID(0, 3)), "10.0.0.1", 8080)));
    }
}
