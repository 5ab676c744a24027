package io.containr.standalone;

/** Something the person at the terminal can act on; shown without a stack trace. */
final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailedException(String message) {
        super(message);
    }
}
