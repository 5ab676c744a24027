package io.containr.runtime.variables;

import io.containr.contracts.project.ServiceKind;
import java.util.Set;

/** Variables that the platform gives to instances. */
public final class ProvidedVariables {

    /** No user's variable begins like this. */
    public static final String RESERVED_PREFIX = "CONTAINR_";

    /** The one that users may set, too. */
    public static final String PORT = "PORT";

    public static final String SERVICE_NAME = RESERVED_PREFIX + "SERVICE_NAME";
    public static final String PUBLIC_DOMAIN = RESERVED_PREFIX + "PUBLIC_DOMAIN";
    public static final String PRIVATE_DOMAIN = RESERVED_PREFIX + "PRIVATE_DOMAIN";

    /** These two are of one deployment; nothing can refer to them. */
    public static final String GIT_COMMIT_SHA = RESERVED_PREFIX + "GIT_COMMIT_SHA";

    public static final String DEPLOYMENT_ID = RESERVED_PREFIX + "DEPLOYMENT_ID";

    private static final Set<String> ROUTED = Set.of(PORT, SERVICE_NAME, PUBLIC_DOMAIN, PRIVATE_DOMAIN);
    private static final Set<String> REACHABLE = Set.of(PORT, SERVICE_NAME, PRIVATE_DOMAIN);
    private static final Set<String> ALONE = Set.of(SERVICE_NAME);

    private ProvidedVariables() {}

    public static boolean isReserved(String name) {
        return name.startsWith(RESERVED_PREFIX);
    }

    /** Those of a service that values may refer to: they do not depend on a deployment. */
    public static Set<String> of(ServiceKind kind) {
        return switch (kind) {
            case WEB -> ROUTED;
            case WORKER, DATABASE -> REACHABLE;
            case CRON -> ALONE;
        };
    }

    /** Whether other services reach it by a name of its own. */
    public static boolean isReachable(ServiceKind kind) {
        return of(kind).contains(PRIVATE_DOMAIN);
    }
}
