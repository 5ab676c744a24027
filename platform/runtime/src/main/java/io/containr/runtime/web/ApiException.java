package io.containr.runtime.web;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer the caller should read: a refusal, not a fault of ours. */
public final class ApiException extends RuntimeException {

    /** Seconds, in the details; the answer's header says the same. */
    static final String RETRY_AFTER = "retry_after";

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, ?> details;

    private ApiException(ErrorCode code, String message, Map<String, ?> details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    /** One field is wrong; the reason is shown under {@code details.fields}. */
    public static ApiException invalid(String field, String reason) {
        return new ApiException(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", Map.of(field, reason)));
    }

    /** Several fields are wrong. */
    public static ApiException invalid(Map<String, String> fields) {
        return new ApiException(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", fields));
    }

    /** Nothing of that kind which the caller may see. */
    public static ApiException notFound(String what) {
        return new ApiException(ErrorCode.NOT_FOUND, what + " not found", Map.of());
    }

    public static ApiException conflict(String message) {
        return new ApiException(ErrorCode.CONFLICT, message, Map.of());
    }

    /** A conflict that programs tell from others by its details. */
    public static ApiException conflict(String message, Map<String, ?> details) {
        return new ApiException(ErrorCode.CONFLICT, message, details);
    }

    public static ApiException unauthenticated(String message) {
        return new ApiException(ErrorCode.UNAUTHENTICATED, message, Map.of());
    }

    public static ApiException forbidden(String message) {
        return new ApiException(ErrorCode.FORBIDDEN, message, Map.of());
    }

    public static ApiException unavailable(String message) {
        return new ApiException(ErrorCode.DEPENDENCY_UNAVAILABLE, message, Map.of());
    }

    public static ApiException rateLimited(String message) {
        return new ApiException(ErrorCode.RATE_LIMITED, message, Map.of());
    }

    /** @param retryAfter null: nobody knows when to try again */
    public static ApiException rateLimited(String message, @Nullable Duration retryAfter) {
        return new ApiException(
                ErrorCode.RATE_LIMITED,
                message,
                retryAfter == null ? Map.of() : Map.of(RETRY_AFTER, Math.max(1, retryAfter.toSeconds())));
    }

    public static ApiException payloadTooLarge(String message) {
        return new ApiException(ErrorCode.PAYLOAD_TOO_LARGE, message, Map.of());
    }

    public ErrorCode code() {
        return code;
    }

    public Map<String, ?> details() {
        return details;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
