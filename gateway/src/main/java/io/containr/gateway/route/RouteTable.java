package io.containr.gateway.route;

import io.containr.contracts.route.Route;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes in force. Written by one thread, read by every request; a change is in force for all requests that look a
 * host up after the change returned.
 */
public final class RouteTable {

    private final Map<String, HostRoute> routes = new ConcurrentHashMap<>();
    private volatile boolean known;

    /** @param host in lower case, without a port */
    public Optional<HostRoute> find(String host) {
        return Optional.ofNullable(routes.get(host));
    }

    /** Whether any source of routes was read yet; until then a host that is not found may still exist. */
    public boolean isKnown() {
        return known;
    }

    public int size() {
        return routes.size();
    }

    /** Every route in force. */
    public List<Route> all() {
        return routes.values().stream().map(HostRoute::route).toList();
    }

    /** Requests under way to all instances of all routes in force. */
    public int inFlight() {
        return routes.values().stream()
                .flatMap(route -> route.upstreams().stream())
                .mapToInt(Upstream::inFlight)
                .sum();
    }

    /** @return false if a newer generation is in force and this one was ignored */
    boolean put(Route route) {
        HostRoute inForce = routes.compute(
                route.host(), (host, current) -> isOlder(route, current) ? current : HostRoute.of(route, current));
        return inForce != null && inForce.route() == route;
    }

    void remove(String host) {
        routes.remove(host);
    }

    /** What was kept on disk, before anything newer is known. */
    void restore(Collection<Route> kept) {
        kept.forEach(this::put);
        known = true;
    }

    /**
     * Takes over the whole table as the topic has it.
     *
     * @return the hosts that are gone
     */
    Set<String> replaceAll(Collection<Route> current) {
        Set<String> gone = new HashSet<>(routes.keySet());
        for (Route route : current) {
            put(route);
            gone.remove(route.host());
        }
        gone.forEach(this::remove);
        known = true;
        return gone;
    }

    /** Generations are counted per service: a host that changed hands starts anew. */
    static boolean isOlder(Route route, @Nullable HostRoute current) {
        return current != null && isOlder(route, current.route());
    }

    static boolean isOlder(Route route, Route current) {
        return route.service().equals(current.service()) && route.generation() < current.generation();
    }
}
