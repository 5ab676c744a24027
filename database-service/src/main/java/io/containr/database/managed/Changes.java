package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseStateChanged;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.database.managed.Database.Condition;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes what became of a database and tells it, in the transaction of whoever holds its lock. */
@Component
class Changes {

    private final Databases databases;
    private final ProvidedVariables variables;
    private final Outbox outbox;
    private final Clock clock;

    Changes(Databases databases, ProvidedVariables variables, Outbox outbox, Clock clock) {
        this.databases = databases;
        this.variables = variables;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Writes it with this status; says so where it is another one. */
    Database enter(Database database, DatabaseStatus status, @Nullable Failure failure) {
        Condition before = database.condition();
        boolean same = before.status() == status;
        boolean fine = status == DatabaseStatus.RUNNING || status == DatabaseStatus.STOPPED;
        Database after = database.withCondition(new Condition(
                status,
                same ? before.since() : now(),
                failure,
                fine ? 0 : before.failures(),
                fine ? null : before.retryAt()));
        databases.update(after);
        if (!after.isDrill() && (!same || !Objects.equals(before.failure(), failure))) {
            tellState(after);
        }
        return after;
    }

    /** Another instance takes the place of its present one, with all patience before it, for a reason that is told. */
    void restart(Database database, Failure reason) {
        Database after = database.withCondition(new Condition(DatabaseStatus.BUILDING, now(), reason, 0, null));
        databases.update(after);
        tellState(after);
    }

    void tellState(Database database) {
        outbox.append(
                new DatabaseStateChanged(
                        database.id(),
                        database.owner(),
                        database.project(),
                        database.status().word(),
                        database.condition().failure()),
                database.id());
    }

    /** Tells the project's services what they may refer to, if it has a project. */
    void tellVariables(Database database) {
        if (database.project() != null) {
            outbox.append(
                    new DatabaseVariablesChanged(
                            database.id(),
                            database.owner(),
                            database.project(),
                            database.variablesRevision(),
                            database.name(),
                            variables.of(database)),
                    database.id());
        }
    }

    void tellDeleted(Database database) {
        if (database.isDrill()) {
            return;
        }
        outbox.append(new DatabaseDeleted(database.id(), database.owner(), database.project()), database.id());
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
