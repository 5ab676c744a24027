package io.containr.project.git;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a provider did not give what it was asked for. Never carries anything the provider or the user wrote. */
final class ProviderException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What can be done about it. */
    enum Reason {
        /** The token is wrong, expired or revoked. */
        TOKEN_REFUSED,
        /** The token is good, but not for this. */
        TOKEN_LACKS_PERMISSION,
        RATE_LIMITED,
        /** It does not answer, or not in time, or says itself that it is down. */
        UNAVAILABLE,
        /** What answers does not speak this API. */
        UNEXPECTED_ANSWER,
        /** Its host is none that users may reach. */
        FORBIDDEN_HOST
    }

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    ProviderException(Reason reason, String message) {
        this(reason, message, null, null);
    }

    ProviderException(Reason reason, String message, @Nullable Exception cause) {
        this(reason, message, null, cause);
    }

    private ProviderException(Reason reason, String message, @Nullable Duration retryAfter, @Nullable Exception cause) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    static ProviderException rateLimited(@Nullable Duration retryAfter) {
        return new ProviderException(Reason.RATE_LIMITED, "rate limit reached", retryAfter, null);
    }

    Reason reason() {
        return reason;
    }

    /** Null where the provider did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
