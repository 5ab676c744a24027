package io.containr.agent.proxmox;

import java.util.Map;
import java.util.SortedSet;

/**
 * What a new guest is given between its creation and its first start, because it cannot be given at creation.
 *
 * @param entrypoint command line of PID 1
 * @param environment of PID 1; replaces the whole
 * @param tags replace the whole
 */
public record GuestChange(String entrypoint, Map<String, String> environment, SortedSet<String> tags) {

    public GuestChange {
        environment = Map.copyOf(environment);
    }

    /** Does not show the environment: a token is in it. */
    @Override
    public String toString() {
        return "GuestChange[" + entrypoint + ", " + environment.keySet() + ", " + tags + "]";
    }
}
