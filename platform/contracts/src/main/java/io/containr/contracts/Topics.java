package io.containr.contracts;

import java.util.List;

/** Every topic of Containr. Events belong to their sender, commands to their receiver. */
public final class Topics {

    public static final String IDENTITY_EVENTS = "containr.identity.events";
    public static final String PROJECT_EVENTS = "containr.project.events";
    public static final String BUILD_COMMANDS = "containr.build.commands";
    public static final String BUILD_EVENTS = "containr.build.events";
    public static final String DEPLOY_EVENTS = "containr.deploy.events";
    public static final String AGENT_COMMANDS = "containr.agent.commands";
    public static final String AGENT_EVENTS = "containr.agent.events";
    public static final String DATABASE_EVENTS = "containr.database.events";
    public static final String AUDIT_EVENTS = "containr.audit.events";

    /** Compacted; key is the host name, a null value takes the route away. */
    public static final String ROUTES = "containr.routes";

    public static final String ROUTE_EVENTS = "containr.route.events";

    /** Lines of builds and applications; key is the service id, kept a day. */
    public static final String LOGS = "containr.logs";

    /** What guests use; key is the service id, kept a day. */
    public static final String USAGE = "containr.agent.usage";

    /** The topics whose messages are facts worth an audit entry. */
    public static final List<String> AUDITED =
            List.of(IDENTITY_EVENTS, PROJECT_EVENTS, BUILD_EVENTS, DEPLOY_EVENTS, AGENT_EVENTS, DATABASE_EVENTS);

    /** Every topic above. */
    public static final List<String> ALL = List.of(
            IDENTITY_EVENTS,
            PROJECT_EVENTS,
            BUILD_COMMANDS,
            BUILD_EVENTS,
            DEPLOY_EVENTS,
            AGENT_COMMANDS,
            AGENT_EVENTS,
            DATABASE_EVENTS,
            AUDIT_EVENTS,
            ROUTES,
            ROUTE_EVENTS,
            LOGS,
            USAGE);

    private Topics() {}

    /** The dead-letter topic of one consumer, given as {@code service/subscription}. */
    public static String deadLetters(String consumer) {
        return "containr.dead-letters." + consumer.replace('/', '.');
    }
}
