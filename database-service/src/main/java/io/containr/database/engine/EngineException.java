package io.containr.database.engine;

/** An engine did not answer, or not as it should; the message is for its owner and holds no secret. */
public final class EngineException extends Exception {

    private static final long serialVersionUID = 1L;

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    public EngineException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
