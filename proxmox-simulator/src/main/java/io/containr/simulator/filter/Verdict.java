package io.containr.simulator.filter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of a packet. */
public enum Verdict {
    ACCEPT,
    DROP,
    REJECT;

    /** Empty or unknown is {@code otherwise}. */
    public static Verdict of(@Nullable String text, Verdict otherwise) {
        for (Verdict verdict : values()) {
            if (text != null && verdict.name().equals(text.toUpperCase(Locale.ROOT))) {
                return verdict;
            }
        }
        return otherwise;
    }

    /** A packet that one guest may send must still be one that the other may get, so accepting is no end. */
    String target() {
        return this == ACCEPT ? "RETURN" : name();
    }
}
