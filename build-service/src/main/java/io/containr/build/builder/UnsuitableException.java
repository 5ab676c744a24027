package io.containr.build.builder;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;

/** A builder cannot do it, another one may; the message says why in a sentence. */
final class UnsuitableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final BuildErrorCode code;

    UnsuitableException(BuildErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** Where no other one is wanted. */
    BuildFailedException failure() {
        return new BuildFailedException(code, reason(), this);
    }
}
