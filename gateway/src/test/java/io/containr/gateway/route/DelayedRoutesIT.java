package io.containr.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent.GatewayAlive;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.gateway.Backend;
import io.containr.gateway.Messages;
import io.containr.gateway.RunningGateway;
import io.containr.gateway.TestApplication;
import io.containr.testing.TestInfrastructure;
import io.containr.testing.TestMessages;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelayedRoutesIT {

    private static final Duration DELAY = Duration.ofSeconds(2);

    @Test
    void aRouteHeldBackIsServedThatMuchLater(@TempDir Path directory) {
        try (TestMessages messages = Messages.open();
                Backend backend = Backend.start("late");
                RunningGateway gateway = RunningGateway.start(
                        directory,
                        TestInfrastructure.kafka(),
                        "containr.gateway.id=edge-late",
                        "containr.gateway.routes.delay=" + DELAY.toSeconds() + "s")) {
            messages.await(GatewayAlive.class, alive -> alive.gateway().equals("edge-late"));
            TestApplication app = new TestApplication(messages);
            Route route = app.route(1, backend);
            Instant published = Instant.now();
            messages.publish(route, route.host());

            RouteServed served = messages.await(
                    RouteServed.class,
                    event -> event.gateway().equals("edge-late") && event.host().equals(app.host()));

            assertThat(served.at()).isAfter(published.plus(DELAY));
            assertThat(gateway.visitor().get(app.host(), "/who").body()).isEqualTo("late");
        }
    }
}
