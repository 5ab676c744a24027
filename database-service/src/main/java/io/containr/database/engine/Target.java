package io.containr.database.engine;

import org.jspecify.annotations.Nullable;

/**
 * An engine, and how to get in.
 *
 * @param user of the application's, who may do everything in its database
 * @param authority the certificate, as PEM, by which the engine's is known; null: it is spoken to in clear
 */
public record Target(
        String host,
        int port,
        String user,
        String password,
        String database,
        @Nullable String authority) {

    /** The same with another password. */
    public Target with(String otherPassword) {
        return new Target(host, port, user, otherPassword, database, authority);
    }

    @Override
    public String toString() {
        return "Target[" + host + ":" + port + "]";
    }
}
