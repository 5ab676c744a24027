package io.containr.database.engine;

/**
 * An engine, and how to get in.
 *
 * @param user of the application's, who may do everything in its database
 */
public record Target(String host, int port, String user, String password, String database) {

    /** The same with another password. */
    public Target with(String otherPassword) {
        return new Target(host, port, user, otherPassword, database);
    }

    @Override
    public String toString() {
        return "Target[" + host + ":" + port + "]";
    }
}
