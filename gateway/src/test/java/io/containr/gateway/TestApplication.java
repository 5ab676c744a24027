package io.containr.gateway;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.testing.TestMessages;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** An application with a host of its own, as deploy-service would publish its routes. */
public final class TestApplication {

    private final TestMessages messages;
    private final ServiceId service = new ServiceId(UUID.randomUUID());
    private final ProjectId project = new ProjectId(UUID.randomUUID());
    private final String host = "app-" + UUID.randomUUID() + ".apps.localhost";
    private final AtomicLong generation = new AtomicLong();

    /** One whose routes are published by the test itself. */
    public TestApplication() {
        this(null);
    }

    public TestApplication(TestMessages messages) {
        this.messages = messages;
    }

    public String host() {
        return host;
    }

    public Route route(long atGeneration, Backend... backends) {
        List<Route.Target> targets = Stream.of(backends).map(Backend::target).toList();
        return new Route(host, service, project, atGeneration, targets);
    }

    /** Publishes the next generation and returns when a gateway says that it serves it. */
    public RouteServed leadsTo(Backend... backends) {
        return leadsTo(route(generation.incrementAndGet(), backends));
    }

    public RouteServed leadsTo(Route route) {
        messages.publish(route, route.host());
        return messages.await(
                RouteServed.class,
                served -> served.host().equals(route.host()) && served.generation() == route.generation());
    }
}
