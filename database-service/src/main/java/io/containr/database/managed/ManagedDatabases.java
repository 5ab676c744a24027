package io.containr.database.managed;

import io.containr.contracts.ids.DatabaseId;
import io.containr.database.engine.Target;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Databases as the parts of this service see them that look after their backups. */
@Component
public class ManagedDatabases {

    private final Databases databases;
    private final Credentials credentials;

    ManagedDatabases(Databases databases, Credentials credentials) {
        this.databases = databases;
        this.credentials = credentials;
    }

    /** Held until the end of the transaction; empty once it is deleted, and for a drill. */
    public Optional<Database> lock(DatabaseId id) {
        return databases.lock(id).filter(ManagedDatabases::isUsers);
    }

    public Optional<Database> find(DatabaseId id) {
        return databases.find(id).filter(ManagedDatabases::isUsers);
    }

    /** All that users have. */
    public List<Database> all() {
        return databases.all().stream()
                .flatMap(id -> databases.find(id).stream())
                .filter(ManagedDatabases::isUsers)
                .toList();
    }

    /** How to ask it; empty while it does not answer. */
    public Optional<Target> target(Database database) {
        return database.status() == DatabaseStatus.RUNNING && database.place() != null
                ? Optional.of(credentials.target(database, database.place()))
                : Optional.empty();
    }

    private static boolean isUsers(Database database) {
        return !database.isDeleted() && !database.isDrill();
    }
}
