package io.containr.gateway.route;

import io.containr.contracts.route.Route;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What the topic says from its first record to the end it had when reading began; in force only as a whole. */
final class RouteReplay {

    private final Map<String, Route> routes = new HashMap<>();
    private boolean empty = true;

    void put(Route route) {
        empty = false;
        Route current = routes.get(route.host());
        if (current == null || !RouteTable.isOlder(route, current)) {
            routes.put(route.host(), route);
        }
    }

    void remove(String host) {
        empty = false;
        routes.remove(host);
    }

    /** Whether the topic had no record at all, which says nothing about routes known from before. */
    boolean isEmpty() {
        return empty;
    }

    Collection<Route> routes() {
        return routes.values();
    }
}
