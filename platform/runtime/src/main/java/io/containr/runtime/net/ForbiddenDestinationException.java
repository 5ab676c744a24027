package io.containr.runtime.net;

import java.io.IOException;

/** A host that leads into a network users must not reach. */
public final class ForbiddenDestinationException extends IOException {

    private static final long serialVersionUID = 1L;

    ForbiddenDestinationException(String host) {
        super(host + " is not a public address");
    }
}
