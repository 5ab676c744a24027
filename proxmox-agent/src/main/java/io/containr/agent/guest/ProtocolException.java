package io.containr.agent.guest;

/** A guest that breaks the protocol; its connection ends. The message never repeats what the guest sent. */
final class ProtocolException extends RuntimeException {

    ProtocolException(String message) {
        super(message);
    }
}
