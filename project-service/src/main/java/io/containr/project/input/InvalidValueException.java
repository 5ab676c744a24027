package io.containr.project.input;

/** A value that breaks a rule; the reason continues the field's name in a sentence and never repeats the value. */
public final class InvalidValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public InvalidValueException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
