package io.containr.gateway.route;

/** How the route table is, for health. */
public interface RouteSource {

    /** Hosts with a route in force. */
    int hosts();

    /** Whether Kafka answers and nothing of the topic is unread. */
    boolean isCurrent();
}
