package io.containr.agent.proxmox;

/** Answers of a cluster that does not do what it is asked. */
public final class Refusals {

    private Refusals() {}

    public static ProxmoxException of(ProxmoxFailure failure, String message) {
        return new ProxmoxException(failure, "fault", message);
    }
}
