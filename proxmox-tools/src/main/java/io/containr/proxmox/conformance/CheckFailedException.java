package io.containr.proxmox.conformance;

/** The cluster behaves otherwise than the agent takes for granted. */
final class CheckFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CheckFailedException(String message) {
        super(message);
    }

    static void unless(boolean condition, String message) {
        if (!condition) {
            throw new CheckFailedException(message);
        }
    }
}
