package io.containr.agent.proxmox;

/** Proxmox VE refused a call, or nobody knows what became of it. The message is Proxmox's own, without any secret. */
public final class ProxmoxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProxmoxFailure failure;

    ProxmoxException(ProxmoxFailure failure, String call, String message) {
        super(call + ": " + message);
        this.failure = failure;
    }

    ProxmoxException(ProxmoxFailure failure, String call, String message, Throwable cause) {
        super(call + ": " + message, cause);
        this.failure = failure;
    }

    public ProxmoxFailure failure() {
        return failure;
    }

    public boolean is(ProxmoxFailure other) {
        return failure == other;
    }
}
