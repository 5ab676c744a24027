package io.containr.proxmox.setup;

import org.jspecify.annotations.Nullable;

/**
 * Something that was looked at.
 *
 * @param remedy how to mend it, null: nothing to mend
 */
public record Finding(State state, String what, @Nullable String remedy) {

    /** How it is. */
    public enum State {
        GOOD,
        /** Works, but somebody should know. */
        NOTE,
        WRONG
    }

    static Finding good(String what) {
        return new Finding(State.GOOD, what, null);
    }

    static Finding note(String what, String remedy) {
        return new Finding(State.NOTE, what, remedy);
    }

    static Finding wrong(String what, String remedy) {
        return new Finding(State.WRONG, what, remedy);
    }

    /** As a line, and one more with the remedy. */
    public String text() {
        String line = switch (state) {
            case GOOD -> "  ok     ";
            case NOTE -> "  note   ";
            case WRONG -> "  WRONG  ";
        };
        return line + what + (remedy == null ? "" : "\n         → " + remedy.replace("\n", "\n           "));
    }
}
