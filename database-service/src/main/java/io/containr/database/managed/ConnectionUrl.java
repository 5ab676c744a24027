package io.containr.database.managed;

import io.containr.database.catalogue.DatabaseType;
import io.containr.database.engine.Target;

/** How clients of each engine write where it is and how to get in. What is generated needs no escaping. */
final class ConnectionUrl {

    /** The one user that Redis has without access lists. */
    private static final String REDIS_USER = "default";

    private ConnectionUrl() {}

    static String of(DatabaseType type, Target target) {
        String login = user(type, target) + ":" + target.password() + "@" + target.host() + ":" + target.port();
        boolean encrypted = target.authority() != null;
        return switch (type) {
            case POSTGRESQL ->
                "postgresql://" + login + "/" + target.database() + (encrypted ? "?sslmode=require" : "");
            case MYSQL -> "mysql://" + login + "/" + target.database() + (encrypted ? "?ssl-mode=REQUIRED" : "");
            case MARIADB -> "mariadb://" + login + "/" + target.database() + (encrypted ? "?ssl=true" : "");
            case REDIS, DRAGONFLY -> (encrypted ? "rediss://" : "redis://") + login + "/0";
            case MONGODB ->
                "mongodb://" + login + "/" + target.database() + "?authSource=admin" + (encrypted ? "&tls=true" : "");
            case CLICKHOUSE -> "clickhouse://" + login + "/" + target.database() + (encrypted ? "?secure=true" : "");
        };
    }

    static String user(DatabaseType type, Target target) {
        return switch (type) {
            case REDIS, DRAGONFLY -> REDIS_USER;
            case POSTGRESQL, MYSQL, MARIADB, MONGODB, CLICKHOUSE -> target.user();
        };
    }
}
