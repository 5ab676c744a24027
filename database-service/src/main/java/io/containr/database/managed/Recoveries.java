package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.PasswordChange;
import io.containr.database.managed.Database.Access;
import io.containr.database.managed.Database.Condition;
import io.containr.database.managed.Database.Recovery;
import io.containr.database.managed.Database.Recovery.Aim;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.work.WorkQueue;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Brings backed up data into databases. The volume is made beside the present one; only then an instance is started for it, and what
 * was before is kept until that one answered a query: if it does not, the database goes back.
 */
@Component
public class Recoveries implements MessageSubscription.Part {

    /** Whose drills are: nobody's. */
    private static final UserId PLATFORM = new UserId(new UUID(0, 0));

    private final Databases databases;
    private final Credentials credentials;
    private final EngineClients clients;
    private final Catalogue catalogue;
    private final Changes changes;
    private final LastRestores restores;
    private final ObjectProvider<Proofs> proofs;
    private final ObjectProvider<VolumeRestores> volumes;
    private final Outbox outbox;
    private final ObjectProvider<WorkQueue> databaseQueue;

    Recoveries(
            Databases databases,
            Credentials credentials,
            EngineClients clients,
            Catalogue catalogue,
            Changes changes,
            LastRestores restores,
            ObjectProvider<Proofs> proofs,
            ObjectProvider<VolumeRestores> volumes,
            Outbox outbox,
            ObjectProvider<WorkQueue> databaseQueue) {
        this.databases = databases;
        this.credentials = credentials;
        this.clients = clients;
        this.catalogue = catalogue;
        this.changes = changes;
        this.restores = restores;
        this.proofs = proofs;
        this.volumes = volumes;
        this.outbox = outbox;
        this.databaseQueue = databaseQueue;
    }

    /**
     * What of a backup a database needs to know.
     *
     * @param password that the data have, at the point if there is one
     * @param point up to which the engine goes on from the backup; null: the backup is all
     */
    public record Source(
            BackupId backup,
            DatabaseId database,
            DatabaseType type,
            String version,
            Plan plan,
            String region,
            PreparedImage image,
            String user,
            String name,
            Sealed password,
            Recovery.@Nullable Point point) {}

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(VolumeRestored.class, (event, meta) -> restored(event.service()))
                .on(VolumeRestoreFailed.class, (event, meta) -> notRestored(event.service(), event.failure()));
    }

    /**
     * Has a database go back to a backup of its own, in the current transaction.
     *
     * @throws ApiException CONFLICT while it goes back already
     */
    public void goBack(Source source) {
        Database database = databases.lock(source.database()).orElseThrow(() -> ApiException.notFound("Database"));
        if (database.recovery() != null) {
            throw ApiException.conflict("The database is being restored already");
        }
        ServiceId next = new ServiceId(Ids.next());
        databases.update(database.withVolume(
                database.volume(),
                new Recovery(source.backup(), Aim.GO_BACK, next, null, source.password(), source.point())));
        restores.begin(
                database.id(),
                source.backup(),
                source.point() == null ? null : source.point().time());
        order(source, next);
    }

    /**
     * Has a database that is about to be written begin with a backup, in the current transaction. Its data have the password of then;
     * its own is given to them once they answer to it.
     */
    Database fill(Database empty, Source source) {
        Access own = empty.access();
        boolean asThen = isPasswordInData(source.type());
        order(source, empty.volume());
        return empty.withImage(source.image())
                .withAccess(new Access(
                        source.user(),
                        source.name(),
                        asThen ? credentials.reseal(source.database(), source.password(), empty.id()) : own.password(),
                        asThen ? own.password() : null,
                        own.admin()))
                .withVolume(
                        empty.volume(),
                        new Recovery(source.backup(), Aim.CLONE, empty.volume(), null, null, source.point()));
    }

    /** Other engines are told it with each start. */
    private boolean isPasswordInData(DatabaseType type) {
        return clients.of(type) instanceof PasswordChange;
    }

    /** Has a backup restored, started and asked, in the current transaction, apart from the database that it is of. */
    public void drill(Source source) {
        DatabaseId id = new DatabaseId(Ids.next());
        ServiceId volume = new ServiceId(Ids.next());
        Sealed password = credentials.reseal(source.database(), source.password(), id);
        Instant now = changes.now();
        databases.insert(new Database(
                id,
                PLATFORM,
                null,
                "drill " + source.backup(),
                source.type(),
                source.version(),
                source.plan(),
                source.region(),
                Wanted.RUNNING,
                new Condition(DatabaseStatus.BUILDING, now, null, 0, null),
                new Access(source.user(), source.name(), password, null, credentials.fresh(id)),
                catalogue.engine(source.type()).hasCertificate(),
                "drill-" + id.toString().substring(24),
                volume,
                List.of(),
                1,
                0,
                1,
                0,
                source.image(),
                null,
                new Recovery(source.backup(), Aim.DRILL, volume, null, null, null),
                now,
                now));
        order(source, volume);
        queue().wake(id);
    }

    private void order(Source source, ServiceId volume) {
        volumes.getObject().order(source.backup(), volume);
    }

    /** Has a volume made of a backup whose archive is in order, in the current transaction, if somebody still waits for it. */
    public void begin(BackupId backup, ServiceId volume) {
        databases
                .awaiting(volume)
                .flatMap(databases::lock)
                .filter(database -> !database.isDeleted())
                .ifPresent(database -> outbox.append(new RestoreVolume(backup, volume), volume));
    }

    /** There will be no such volume; in the current transaction. */
    public void refuse(ServiceId volume, Failure failure) {
        notRestored(volume, failure);
    }

    private void restored(ServiceId volume) {
        databases.awaiting(volume).flatMap(databases::lock).ifPresent(database -> {
            Recovery from = Objects.requireNonNull(database.recovery(), "it awaits a volume");
            if (database.isDeleted()) {
                outbox.append(new RemoveVolume(volume), volume);
                databases.update(database.withVolume(database.volume(), null));
            } else if (database.volume().equals(volume)) {
                start(database.withVolume(volume, from.arrived()));
            } else {
                switchTo(database, volume, from);
            }
            queue().wake(database.id());
        });
    }

    /** Its data have the password of then; the present one is given to them once they answer to it. */
    private void switchTo(Database database, ServiceId volume, Recovery from) {
        Access access = database.access();
        Sealed then = Objects.requireNonNull(from.previousPassword(), "it is a backup's");
        String now = credentials.open(database.id(), access.password());
        boolean same = !isPasswordInData(database.type())
                || credentials.open(database.id(), then).equals(now);
        Database back = database.withVolume(
                        volume,
                        new Recovery(
                                from.backup(), Aim.GO_BACK, null, database.volume(), access.password(), from.point()))
                .withWanted(Wanted.RUNNING, changes.now())
                .renewed();
        start(
                same
                        ? back
                        : back.withAccess(
                                new Access(access.user(), access.database(), then, access.password(), access.admin())));
    }

    private void start(Database database) {
        Database fresh = database.withCondition(new Condition(DatabaseStatus.BUILDING, changes.now(), null, 0, null));
        databases.update(fresh);
        if (!fresh.isDrill()) {
            changes.tellState(fresh);
        }
    }

    private void notRestored(ServiceId volume, Failure failure) {
        databases.awaiting(volume).flatMap(databases::lock).ifPresent(database -> {
            if (database.isDrill()) {
                endDrill(database, failure);
            } else if (database.isClone()) {
                lose(database, failure);
            } else {
                Recovery from = Objects.requireNonNull(database.recovery(), "it awaits a volume");
                databases.update(database.withVolume(database.volume(), null));
                stays(database, from, failure);
            }
            queue().wake(database.id());
        });
    }

    /** The one that is on trial answered: what was kept for it goes. */
    void passed(Database database) {
        Recovery from = Objects.requireNonNull(database.recovery(), "it is on trial");
        if (from.aim() == Aim.DRILL) {
            proofs.getObject().proven(from.backup());
            databases.update(database.withWanted(Wanted.DELETED, changes.now()));
            return;
        }
        if (from.previous() != null) {
            outbox.append(new RemoveVolume(from.previous()), from.previous());
        }
        databases.update(database.withVolume(database.volume(), null));
        if (from.aim() == Aim.GO_BACK) {
            restores.end(database.id(), null);
        }
        outbox.append(
                new DatabaseRestored(database.id(), database.owner(), database.project(), from.backup()),
                database.id());
    }

    /** The one that is on trial does not answer: back to what was before, where there is something. */
    void fallBack(Database database, Failure failure) {
        Recovery from = Objects.requireNonNull(database.recovery(), "it is on trial");
        switch (from.aim()) {
            case DRILL -> endDrill(database, failure);
            case CLONE -> lose(database, failure);
            case GO_BACK -> returnTo(database, from, failure);
            case LOST_CLONE -> throw new IllegalStateException("one that is lost is not on trial");
        }
    }

    private void returnTo(Database database, Recovery from, Failure failure) {
        ServiceId previous = Objects.requireNonNull(from.previous(), "it was kept");
        Access access = database.access();
        outbox.append(new RemoveVolume(database.volume()), database.volume());
        start(database.withVolume(previous, null)
                .withAccess(new Access(
                        access.user(),
                        access.database(),
                        Objects.requireNonNull(from.previousPassword(), "it was kept"),
                        null,
                        access.admin()))
                .renewed());
        stays(database, from, failure);
    }

    /** It did not go back. */
    private void stays(Database database, Recovery from, Failure failure) {
        restores.end(database.id(), failure);
        tellFailed(database, from.backup(), failure);
    }

    /** A clone without data: nothing is kept of them, and it says why. */
    private void lose(Database database, Failure failure) {
        Recovery from = Objects.requireNonNull(database.recovery(), "it was to be made of a backup");
        outbox.append(new RemoveVolume(database.volume()), database.volume());
        changes.enter(
                database.withVolume(
                                database.volume(), new Recovery(from.backup(), Aim.LOST_CLONE, null, null, null, null))
                        .withPlace(null),
                DatabaseStatus.ERROR,
                failure);
        tellFailed(database, from.backup(), failure);
    }

    /** Volumes of a database that goes, beside its own; one that is being made goes when it is there. */
    void forget(Database database) {
        Recovery from = database.recovery();
        if (from != null && from.previous() != null) {
            outbox.append(new RemoveVolume(from.previous()), from.previous());
        }
        if (from != null && from.next() != null) {
            outbox.append(new RemoveVolume(from.next()), from.next());
        }
    }

    private void endDrill(Database database, Failure failure) {
        proofs.getObject().failed(Objects.requireNonNull(database.recovery()).backup(), failure);
        databases.update(database.withWanted(Wanted.DELETED, changes.now()));
    }

    private void tellFailed(Database database, BackupId backup, Failure failure) {
        outbox.append(
                new DatabaseRestoreFailed(database.id(), database.owner(), database.project(), backup, failure),
                database.id());
    }

    private WorkQueue queue() {
        return databaseQueue.getObject();
    }
}
