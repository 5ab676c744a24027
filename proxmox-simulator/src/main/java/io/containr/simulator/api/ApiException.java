package io.containr.simulator.api;

import java.util.List;
import java.util.Map;

/** An answer other than 200: its message becomes the reason phrase and, but for 401, the body. */
public final class ApiException extends RuntimeException {

    private final int status;
    private final Map<String, String> errors;
    private final boolean json;

    private ApiException(int status, String message, Map<String, String> errors, boolean json) {
        super(message);
        this.status = status;
        this.errors = Map.copyOf(errors);
        this.json = json;
    }

    /** Proxmox answers 500 for nearly everything that went wrong, "does not exist" included. */
    public static ApiException failed(String message) {
        return new ApiException(500, message, Map.of(), true);
    }

    /** Parameters that the schema or a handler refuses, by name. */
    public static ApiException invalid(Map<String, String> errors) {
        return new ApiException(400, "Parameter verification failed.", errors, true);
    }

    public static ApiException invalid(String parameter, String why) {
        return invalid(Map.of(parameter, why));
    }

    /** No or wrong credentials: an empty body. */
    public static ApiException unauthorized(String message) {
        return new ApiException(401, message, Map.of(), false);
    }

    /** The wrong password at the ticket endpoint is the one 401 that has a body. */
    public static ApiException wrongPassword() {
        return new ApiException(401, "authentication failure", Map.of(), true);
    }

    public static ApiException forbidden() {
        return new ApiException(403, "Permission check failed", Map.of(), true);
    }

    public static ApiException forbidden(String why) {
        return new ApiException(403, "Permission check failed (" + why + ")", Map.of(), true);
    }

    public static ApiException forbidden(String path, List<String> privileges) {
        return forbidden(path + ", " + String.join("|", privileges));
    }

    /** Refused before a method was looked at: the text alone, no JSON. */
    public static ApiException plain(int status, String message) {
        return new ApiException(status, message, Map.of(), false);
    }

    /** Any status, with the usual body. */
    public static ApiException withStatus(int status, String message) {
        return new ApiException(status, message, Map.of(), true);
    }

    public static ApiException notImplemented(String message) {
        return new ApiException(501, message, Map.of(), true);
    }

    public int status() {
        return status;
    }

    public Map<String, String> errors() {
        return errors;
    }

    /** Whether the answer has a JSON body. */
    public boolean json() {
        return json;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
