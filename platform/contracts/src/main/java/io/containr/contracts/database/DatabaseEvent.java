package io.containr.contracts.database;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.UserId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts from database-service; key is the database id. A database without a project belongs to its owner alone. */
public sealed interface DatabaseEvent {

    DatabaseId database();

    UserId owner();

    @Nullable
    ProjectId project();

    /**
     * Somebody asked for a database; it is being made.
     *
     * @param engine such as {@code postgresql}
     * @param plan such as {@code hobby}
     */
    record DatabaseCreated(
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project,
            String name,
            String engine,
            String version,
            String plan)
            implements DatabaseEvent {}

    /**
     * It has another name or plan, or others may connect to it.
     *
     * @param allowedNetworks beside its project, IPv4 in CIDR notation; null: none
     */
    record DatabaseUpdated(
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project,
            String name,
            String plan,
            @Nullable List<String> allowedNetworks)
            implements DatabaseEvent {

        public DatabaseUpdated {
            allowedNetworks = allowedNetworks == null ? null : List.copyOf(allowedNetworks);
        }
    }

    /**
     * Carries the whole; the latest one counts.
     *
     * @param state running (it answered a query in its own protocol), stopped, building or error
     * @param failure set where the state is error, and where it restarts because its plan could not be changed while it ran
     */
    record DatabaseStateChanged(
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project,
            String state,
            @Nullable Failure failure) implements DatabaseEvent {}

    /**
     * What services of the project may refer to as {@code ${{Name.VARIABLE}}}. Carries the whole.
     *
     * @param revision rises with every change; an older one is ignored
     * @param name by which references call it
     * @param variables each sealed for the database ({@link #sealedFor})
     */
    record DatabaseVariablesChanged(
            DatabaseId database,
            UserId owner,
            ProjectId project,
            long revision,
            String name,
            Map<String, Sealed> variables)
            implements DatabaseEvent {

        public DatabaseVariablesChanged {
            variables = Map.copyOf(variables);
        }
    }

    /** A backup is on its storage. */
    record BackupCompleted(
            BackupId backup,
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project,
            long sizeBytes) implements DatabaseEvent {}

    /** There is no such backup. */
    record BackupFailed(
            BackupId backup,
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project,
            Failure failure) implements DatabaseEvent {}

    /** It was restored apart from the database, started, and found whole. */
    record BackupVerified(
            BackupId backup,
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project) implements DatabaseEvent {}

    /** It could not be restored, or something was missing: it is no backup to rely on. */
    record BackupUnverified(
            BackupId backup,
            DatabaseId database,
            UserId owner,
            @Nullable ProjectId project,
            Failure failure) implements DatabaseEvent {}

    /** The database has the data of the backup, and answered. */
    record DatabaseRestored(
            DatabaseId database, UserId owner, @Nullable ProjectId project, BackupId backup) implements DatabaseEvent {}

    /** The database has the data that it had before; one that was to be made of the backup has none. */
    record DatabaseRestoreFailed(
            DatabaseId database, UserId owner, @Nullable ProjectId project, BackupId backup, Failure failure)
            implements DatabaseEvent {}

    /** With its data and secrets. */
    record DatabaseDeleted(
            DatabaseId database, UserId owner, @Nullable ProjectId project) implements DatabaseEvent {}

    /** What a variable that a database provides is bound to. */
    static String sealedFor(DatabaseId database, String variable) {
        return "database/" + database + "/variable/" + variable;
    }
}
