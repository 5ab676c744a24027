package io.containr.database.engine;

import org.jspecify.annotations.Nullable;

/** Speaks an engine's own protocol; every call opens a connection, and ends in the time that a query may take. */
public interface EngineClient {

    /**
     * Logs in and has a query answered.
     *
     * @throws EngineException saying why that cannot be done
     */
    void query(Target target) throws EngineException;

    /**
     * Writes rows that only this backup knows, in the place of those of the one before.
     *
     * @param token letters and digits alone
     * @return a checksum of what was written, or null where this engine is not marked
     */
    default @Nullable String mark(Target target, String token) throws EngineException {
        return null;
    }

    /** What it tells of its use. */
    Figures figures(Target target) throws EngineException;

    /** The checksum of the rows that are there. */
    default @Nullable String readMark(Target target) throws EngineException {
        return null;
    }
}
