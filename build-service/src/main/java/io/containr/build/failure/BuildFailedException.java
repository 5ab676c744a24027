package io.containr.build.failure;

import io.containr.contracts.Failure;
import org.jspecify.annotations.Nullable;

/** A build that cannot succeed, with the reason its user reads; the message never holds a secret. */
public final class BuildFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final BuildErrorCode code;

    public BuildFailedException(BuildErrorCode code, String message) {
        this(code, message, null);
    }

    public BuildFailedException(BuildErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public BuildErrorCode code() {
        return code;
    }

    public Failure failure() {
        return new Failure(code.name(), String.valueOf(getMessage()));
    }
}
