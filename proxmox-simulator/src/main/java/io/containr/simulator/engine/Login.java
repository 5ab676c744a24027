package io.containr.simulator.engine;

/** Whom a registry lets in. */
public record Login(String host, String user, String password) {

    @Override
    public String toString() {
        return user + " at " + host;
    }
}
