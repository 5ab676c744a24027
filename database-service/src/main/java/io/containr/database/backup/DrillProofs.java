package io.containr.database.backup;

import io.containr.contracts.Failure;
import io.containr.contracts.database.DatabaseEvent.BackupUnverified;
import io.containr.contracts.database.DatabaseEvent.BackupVerified;
import io.containr.contracts.ids.BackupId;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.EngineException;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database;
import io.containr.database.managed.Proofs;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Compares what a restored backup holds with what was written before it was taken, and keeps the outcome. */
@Component
class DrillProofs implements Proofs {

    private static final Logger log = LoggerFactory.getLogger(DrillProofs.class);

    private final DatabaseBackups backups;
    private final EngineClients clients;
    private final Outbox outbox;
    private final Clock clock;

    DrillProofs(DatabaseBackups backups, EngineClients clients, Outbox outbox, Clock clock) {
        this.backups = backups;
        this.clients = clients;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public Optional<String> problem(Database drill, Target target) {
        BackupId id = Objects.requireNonNull(drill.recovery(), "it is a drill").backup();
        String wanted = backups.find(id).map(DatabaseBackup::canary).orElse(null);
        if (wanted == null) {
            return Optional.empty();
        }
        try {
            String found = clients.of(drill.type()).readMark(target);
            return wanted.equals(found)
                    ? Optional.empty()
                    : Optional.of(
                            "the rows written before the backup are not in it: wanted " + wanted + ", found " + found);
        } catch (EngineException e) {
            return Optional.of("the rows written before the backup cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void proven(BackupId id) {
        backups.verified(id, clock.instant());
        backups.find(id)
                .ifPresent(backup -> outbox.append(
                        new BackupVerified(id, backup.database(), backup.owner(), backup.project()),
                        backup.database()));
    }

    @Override
    public void failed(BackupId id, Failure failure) {
        log.error("Backup {} could not be proven: {}", id, failure.message());
        backups.notVerified(id, failure.message());
        backups.find(id)
                .ifPresent(backup -> outbox.append(
                        new BackupUnverified(id, backup.database(), backup.owner(), backup.project(), failure),
                        backup.database()));
    }
}
