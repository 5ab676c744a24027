package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BackupId;
import io.containr.database.engine.Target;
import java.util.Optional;

/** Who wants to know whether a backup can be restored; called for databases that are drills. */
public interface Proofs {

    /** What is missing of what was backed up; empty: nothing. Speaks to the engine, outside of any transaction. */
    Optional<String> problem(Database drill, Target target);

    /** It was all there. */
    void proven(BackupId backup);

    /** It was not, or did not even start. */
    void failed(BackupId backup, Failure failure);
}
