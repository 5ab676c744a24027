package io.containr.runtime;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/** Makes identifiers. */
public final class Ids {

    private Ids() {}

    /** A UUIDv7 (RFC 9562): ordered by time, also within a millisecond. */
    public static UUID next() {
        return UuidCreator.getTimeOrderedEpochPlus1();
    }
}
