package io.containr.database.managed;

import io.containr.contracts.database.DatabaseEvent.DatabaseCreated;
import io.containr.contracts.database.DatabaseEvent.DatabaseUpdated;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.database.DatabaseProperties;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.PasswordChange;
import io.containr.database.managed.Database.Access;
import io.containr.database.managed.Database.Condition;
import io.containr.runtime.Ids;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.Page;
import io.containr.runtime.web.Page.Listed;
import io.containr.runtime.work.WorkQueue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What users do with databases. A database exists for its owner alone. */
@Service
public class DatabaseCatalog {

    private static final int LONGEST_SLUG = 50;
    private static final int SUFFIX = 6;

    private final Databases databases;
    private final Credentials credentials;
    private final Changes changes;
    private final Recoveries recoveries;
    private final Catalogue catalogue;
    private final EngineClients clients;
    private final ProjectDirectory projects;
    private final Outbox outbox;
    private final WorkQueue databaseQueue;
    private final DatabaseProperties settings;

    DatabaseCatalog(
            Databases databases,
            Credentials credentials,
            Changes changes,
            Recoveries recoveries,
            Catalogue catalogue,
            EngineClients clients,
            ProjectDirectory projects,
            Outbox outbox,
            WorkQueue databaseQueue,
            DatabaseProperties settings) {
        this.databases = databases;
        this.credentials = credentials;
        this.changes = changes;
        this.recoveries = recoveries;
        this.catalogue = catalogue;
        this.clients = clients;
        this.projects = projects;
        this.outbox = outbox;
        this.databaseQueue = databaseQueue;
        this.settings = settings;
    }

    /**
     * What a database is made of.
     *
     * @param version null: the catalogue's first, or that of the backup
     * @param project null: none
     * @param allowedNetworks that may connect beside the project, IPv4 in CIDR notation
     * @param backup it is to begin with; null: it begins empty
     * @param time to which it is to go on from the backup; null: the backup is all
     */
    public record Order(
            String name,
            DatabaseType type,
            @Nullable String version,
            Plan plan,
            String region,
            @Nullable ProjectId project,
            List<String> allowedNetworks,
            @Nullable BackupId backup,
            @Nullable Instant time) {}

    /** Which ones a list shows; null: any. */
    public record Wish(
            @Nullable DatabaseType type,
            @Nullable DatabaseStatus status,
            @Nullable ProjectId project) {}

    /** @throws ApiException NOT_FOUND if there is none that the actor may see */
    public Database get(DatabaseId id, Actor actor) {
        return visible(databases.find(id), actor);
    }

    /** The actor's databases, newest first. */
    public Listed<Database> list(Wish wish, Page page, Actor actor) {
        Databases.Filter filter = new Databases.Filter(wish.type(), wish.status(), wish.project());
        return page.read(
                (limit, offset) -> databases.ownedBy(actor.id(), filter, limit, offset),
                () -> databases.countOwnedBy(actor.id(), filter));
    }

    /**
     * Has a database made.
     *
     * @throws ApiException NOT_FOUND for a project that the actor may not see; CONFLICT where the name is taken, or the actor owns as
     *     many as one may
     */
    @Transactional
    public Database create(Order order, Actor actor) {
        String version = order.version() == null
                ? catalogue.engine(order.type()).versions().getFirst().version()
                : order.version();
        return create(order, version, null, actor);
    }

    /** Has a database made of a backup of the same type, as {@link #create(Order, Actor)} else. */
    @Transactional
    public Database create(Order order, Recoveries.Source source, Actor actor) {
        return create(order, source.version(), source, actor);
    }

    private Database create(Order order, String version, Recoveries.@Nullable Source source, Actor actor) {
        if (order.project() != null) {
            projects.project(order.project(), actor);
        }
        databases.lockOwner(actor.id());
        if (databases.countOwnedBy(actor.id(), new Databases.Filter(null, null, null))
                >= settings.databasesPerOwner()) {
            throw ApiException.conflict("You have reached the limit of " + settings.databasesPerOwner() + " databases");
        }
        DatabaseId id = new DatabaseId(Ids.next());
        refuseTaken(actor, order.name(), id);
        Instant now = changes.now();
        Database empty = new Database(
                id,
                actor.id(),
                order.project(),
                order.name(),
                order.type(),
                version,
                order.plan(),
                order.region(),
                Wanted.RUNNING,
                new Condition(DatabaseStatus.BUILDING, now, null, 0, null),
                credentials.create(id, order.name()),
                catalogue.engine(order.type()).hasCertificate(),
                privateName(order.name(), id),
                new ServiceId(Ids.next()),
                order.allowedNetworks(),
                1,
                0,
                1,
                0,
                null,
                null,
                null,
                now,
                now);
        Database database = source == null ? empty : recoveries.fill(empty, source);
        databases.insert(database);
        outbox.append(
                new DatabaseCreated(
                        id,
                        database.owner(),
                        database.project(),
                        database.name(),
                        database.type().word(),
                        database.version(),
                        database.plan().word()),
                id);
        changes.tellState(database);
        changes.tellVariables(database);
        databaseQueue.wake(id);
        return database;
    }

    /**
     * What is to be another way; null: as it is.
     *
     * @param allowedNetworks takes the place of the whole
     */
    public record Update(
            @Nullable String name,
            @Nullable Plan plan,
            @Nullable List<String> allowedNetworks) {}

    /** What an update comes to. */
    public enum Effect {
        WRITTEN,
        /** It gets a larger plan while it runs. */
        GROWS,
        /** It gets its plan by a restart. */
        RESTARTS
    }

    /**
     * Renames it, gives it another plan, or lets others connect. A plan that is larger in every respect is given to it while it runs,
     * any other one by a restart.
     *
     * @throws ApiException NOT_FOUND; CONFLICT where the name is taken, or its volume would have to shrink
     */
    @Transactional
    public Effect update(DatabaseId id, Update update, Actor actor) {
        databases.lockOwner(actor.id());
        Database before = visible(databases.lock(id), actor);
        Database after = before;
        String name = update.name();
        if (name != null && !name.equals(before.name())) {
            refuseTaken(actor, name, id);
            after = after.withName(name, changes.now());
        }
        List<String> networks = update.allowedNetworks();
        if (networks != null && !networks.equals(before.allowedNetworks())) {
            after = after.withAllowedNetworks(networks, changes.now()).adjusted();
        }
        Effect effect = Effect.WRITTEN;
        Plan plan = update.plan();
        if (plan != null && plan != before.plan()) {
            refuseLost(before);
            refuseShrinking(before.plan(), plan);
            boolean grows = before.wanted() == Wanted.RUNNING
                    && before.status() == DatabaseStatus.RUNNING
                    && catalogue.size(plan).holds(catalogue.size(before.plan()));
            Database other = after.withPlan(plan, changes.now());
            after = grows ? other.adjusted() : other.renewed();
            effect = grows ? Effect.GROWS : before.wanted() == Wanted.RUNNING ? Effect.RESTARTS : Effect.WRITTEN;
        }
        if (after == before) {
            return effect;
        }
        databases.update(after);
        outbox.append(
                new DatabaseUpdated(
                        id,
                        after.owner(),
                        after.project(),
                        after.name(),
                        after.plan().word(),
                        after.allowedNetworks().isEmpty() ? null : after.allowedNetworks()),
                id);
        if (after.variablesRevision() != before.variablesRevision()) {
            changes.tellVariables(after);
        }
        if (effect == Effect.RESTARTS) {
            build(after);
        }
        databaseQueue.wake(id);
        return effect;
    }

    private void refuseShrinking(Plan before, Plan plan) {
        int has = catalogue.size(before).diskMiB();
        int would = catalogue.size(plan).diskMiB();
        if (would < has) {
            throw ApiException.conflict(
                    "The plan %s has less disk (%d MiB) than the database's volume (%d MiB), which cannot shrink"
                            .formatted(plan.word(), would, has));
        }
    }

    /** Wanted to run from now on; without effect where it is already. */
    @Transactional
    public Database start(DatabaseId id, Actor actor) {
        return change(
                id,
                actor,
                database -> refuseLost(database).wanted() == Wanted.RUNNING
                        ? database
                        : build(database.withWanted(Wanted.RUNNING, changes.now())
                                .renewed()));
    }

    /** Not wanted to run from now on; its data stay. */
    @Transactional
    public Database stop(DatabaseId id, Actor actor) {
        return change(
                id,
                actor,
                database -> refuseLost(database).wanted() == Wanted.STOPPED
                        ? database
                        : written(database.withWanted(Wanted.STOPPED, changes.now())));
    }

    /** Starts what is stopped. */
    @Transactional
    public Database restart(DatabaseId id, Actor actor) {
        return change(
                id,
                actor,
                database -> build(refuseLost(database)
                        .withWanted(Wanted.RUNNING, changes.now())
                        .renewed()));
    }

    /**
     * Has its password replaced by a new one, which holds once the engine took it.
     *
     * @throws ApiException CONFLICT while it does not run, since it is the engine that has to take it
     */
    @Transactional
    public Database rotate(DatabaseId id, Actor actor) {
        return change(id, actor, database -> {
            Access access = database.access();
            if (database.status() != DatabaseStatus.RUNNING || access.next() != null) {
                throw ApiException.conflict(
                        "The password can be changed while the database is running, once at a time");
            }
            if (clients.of(database.type()) instanceof PasswordChange) {
                return written(database.withAccess(new Access(
                        access.user(), access.database(), access.password(), credentials.fresh(id), access.admin())));
            }
            Database renewed = database.withAccess(
                            new Access(access.user(), access.database(), credentials.fresh(id), null, access.admin()))
                    .renewed();
            changes.tellVariables(renewed);
            return build(renewed);
        });
    }

    /** Deletes it with its data. */
    @Transactional
    public void delete(DatabaseId id, Actor actor) {
        change(id, actor, database -> written(database.withWanted(Wanted.DELETED, changes.now())));
    }

    private Database change(DatabaseId id, Actor actor, UnaryOperator<Database> change) {
        Database after = change.apply(visible(databases.lock(id), actor));
        databaseQueue.wake(id);
        return after;
    }

    private Database written(Database database) {
        databases.update(database);
        return database;
    }

    /** With all patience before it; what went wrong before is forgotten. */
    private Database build(Database database) {
        Database fresh = database.withCondition(new Condition(DatabaseStatus.BUILDING, changes.now(), null, 0, null));
        databases.update(fresh);
        changes.tellState(fresh);
        return fresh;
    }

    private static Database refuseLost(Database database) {
        if (database.isLost()) {
            throw ApiException.conflict("The database has no data, since its backup could not be restored; delete it");
        }
        return database;
    }

    private void refuseTaken(Actor actor, String name, DatabaseId except) {
        if (databases.isTaken(actor.id(), name, except)) {
            throw ApiException.conflict("You have a database named " + name + " already");
        }
    }

    private static Database visible(Optional<Database> database, Actor actor) {
        return database.filter(found -> found.owner().equals(actor.id()) && !found.isDeleted() && !found.isDrill())
                .orElseThrow(() -> ApiException.notFound("Database"));
    }

    /** Its own for good, whatever else in the project is called. */
    private static String privateName(String name, DatabaseId id) {
        String slug =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        String digits = id.toString().replace("-", "");
        String cut = slug.substring(0, Math.min(slug.length(), LONGEST_SLUG)).replaceAll("-+$", "");
        return (cut.isEmpty() ? "db" : cut) + "-" + digits.substring(digits.length() - SUFFIX);
    }
}
