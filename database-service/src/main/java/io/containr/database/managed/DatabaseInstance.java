package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.database.managed.Database.Place;
import org.jspecify.annotations.Nullable;

/**
 * A guest of a database's. There is more than one only while one takes the place of another.
 *
 * @param revision of the database that it was made of
 * @param adjustment of the database that it was asked to have
 * @param place known once it listens
 */
record DatabaseInstance(
        InstanceId id,
        ServiceId volume,
        long revision,
        Adjustment adjustment,
        State state,
        @Nullable Place place,
        @Nullable Failure failure) {

    /**
     * What it was asked to be given while it runs.
     *
     * @param asked of the database
     * @param done whether it has it
     * @param obstacle why it does not have it yet
     * @param refused whether it will not have it, so that another instance is needed
     */
    record Adjustment(long asked, boolean done, @Nullable Failure obstacle, boolean refused) {

        /** Of an instance that begins with what the database is. */
        static Adjustment of(Database database) {
            return new Adjustment(database.adjustment(), true, null, false);
        }
    }

    enum State {
        /** Asked for. */
        ASKED,
        /** Its guest runs; nobody listens yet. */
        STARTED,
        /** Somebody listens on its port. */
        LISTENING,
        /** Nobody listens any more. */
        SILENT,
        /** Will not become what was asked for. */
        FAILED,
        /** Told to go. What is gone has no row. */
        LEAVING
    }

    boolean stays() {
        return state != State.LEAVING;
    }
}
