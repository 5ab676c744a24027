package io.containr.runtime.messaging;

import org.jspecify.annotations.Nullable;

/** A message that no retry will make readable; it goes to the dead-letter topic. */
public final class PoisonMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PoisonMessageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
