package io.containr.agent.guest;

/** Receives what a one-off command writes. Slow receivers slow the command down. */
@FunctionalInterface
public interface RunOutput {

    /** @param stream STDOUT or STDERR */
    void accept(GuestLine.Stream stream, byte[] data);
}
