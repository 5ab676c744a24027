package io.containr.database.managed;

import io.containr.database.engine.EngineException;
import io.containr.database.engine.Target;

/** Who has the logs that engines replay to come to a point in time. Speaks to the engine, outside of any transaction. */
public interface Replays {

    /** How far it has come. */
    sealed interface Progress {

        /** Nothing to be done but to wait. */
        record Waiting() implements Progress {}

        /** The engine has all of it from now on. */
        record HandedOver() implements Progress {}

        /** The engine gave up. */
        record Failed(String reason) implements Progress {}
    }

    /**
     * Hands its log to an engine that waits for it.
     *
     * @throws EngineException where nobody waits, or it could not be handed over
     */
    Progress serve(Database database, Target target) throws EngineException;
}
