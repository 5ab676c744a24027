package io.containr.gateway.edge;

import io.containr.runtime.web.ErrorCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer that the gateway gives itself, instead of whoever was asked. */
public final class GatewayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, ?> details;
    private final String text;

    public GatewayException(ErrorCode code, String text, Map<String, ?> details, @Nullable Throwable cause) {
        // An expected answer on a hot path: nobody reads its stack.
        super(text, cause, false, false);
        this.code = code;
        this.text = text;
        this.details = details;
    }

    public GatewayException(ErrorCode code, String text) {
        this(code, text, Map.of(), null);
    }

    public GatewayException(ErrorCode code, String text, Throwable cause) {
        this(code, text, Map.of(), cause);
    }

    public ErrorCode code() {
        return code;
    }

    /** Safe to show. */
    public String text() {
        return text;
    }

    public Map<String, ?> details() {
        return details;
    }
}
