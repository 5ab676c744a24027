package io.containr.proxmox.conformance;

/** Cannot be found out here. */
final class SkippedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SkippedException(String why) {
        super(why);
    }
}
