package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import io.containr.database.managed.Database.Access;
import io.containr.database.managed.Database.Condition;
import io.containr.database.managed.Database.Place;
import io.containr.database.managed.Database.Recovery;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of databases. */
@Repository
class Databases {

    private static final String FITS = """
             where owner_id = :owner and wanted <> 'DELETED'
               and (:type::text is null or type = :type)
               and (:status::text is null or status = :status)
               and (:project::uuid is null or project_id = :project)
            """;

    private final JdbcClient jdbc;
    private final Json json;

    Databases(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Which ones a list shows; null: any. */
    record Filter(
            @Nullable DatabaseType type,
            @Nullable DatabaseStatus status,
            @Nullable ProjectId project) {}

    Optional<Database> find(DatabaseId id) {
        return jdbc.sql("select * from database where id = :id")
                .param("id", id.value())
                .query(this::database)
                .optional();
    }

    /** The database, which nobody else changes until the end of the transaction. */
    Optional<Database> lock(DatabaseId id) {
        return jdbc.sql("select * from database where id = :id for update")
                .param("id", id.value())
                .query(this::database)
                .optional();
    }

    /** Newest first. */
    List<Database> ownedBy(UserId owner, Filter filter, int limit, long offset) {
        return fitting("select * from database" + FITS + " order by id desc limit :limit offset :offset", owner, filter)
                .param("limit", limit)
                .param("offset", offset)
                .query(this::database)
                .list();
    }

    long countOwnedBy(UserId owner, Filter filter) {
        return fitting("select count(*) from database" + FITS, owner, filter)
                .query(Long.class)
                .single();
    }

    private JdbcClient.StatementSpec fitting(String sql, UserId owner, Filter filter) {
        return jdbc.sql(sql)
                .param("owner", owner.value())
                .param("type", filter.type() == null ? null : filter.type().name())
                .param(
                        "status",
                        filter.status() == null ? null : filter.status().name())
                .param(
                        "project",
                        filter.project() == null ? null : filter.project().value());
    }

    /** Lets nobody else add a database for this owner until the end of the transaction, so that the count stays true. */
    void lockOwner(UserId owner) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:owner, 0))")
                .param("owner", "database-owner/" + owner)
                .query((row, index) -> index)
                .list();
    }

    boolean isTaken(UserId owner, String name, DatabaseId except) {
        return jdbc.sql("""
                select count(*) from database
                where owner_id = :owner and lower(name) = lower(:name) and wanted <> 'DELETED' and id <> :except""")
                        .param("owner", owner.value())
                        .param("name", name)
                        .param("except", except.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    List<DatabaseId> all() {
        return ids(jdbc.sql("select id from database"));
    }

    List<DatabaseId> ofProject(ProjectId project) {
        return ids(
                jdbc.sql("select id from database where project_id = :project").param("project", project.value()));
    }

    /** Those that wait for this image to make their first instance of. */
    List<DatabaseId> withoutImage() {
        return ids(jdbc.sql("select id from database where image is null and wanted = 'RUNNING'"));
    }

    /** Whose volume is being made there. */
    Optional<DatabaseId> awaiting(ServiceId volume) {
        return ids(jdbc.sql("select id from database where next_volume_id = :volume")
                        .param("volume", volume.value()))
                .stream()
                .findFirst();
    }

    private static List<DatabaseId> ids(JdbcClient.StatementSpec statement) {
        return statement.query(UUID.class).list().stream().map(DatabaseId::new).toList();
    }

    void insert(Database database) {
        parameters("""
                insert into database (id, owner_id, project_id, name, type, version, plan, region, wanted, status,
                    status_since, failure_code, failure_message, failures, retry_at, username, database_name, password,
                    next_password, admin_password, encrypted, private_name, volume_id, allowed_networks, revision, adjustment, variables_revision, generation,
                    image, address, port, recovery_backup, next_volume_id, previous_volume_id, previous_password, recovery_aim,
                    recovery_archive, recovery_target, recovery_handed, created_at, updated_at)
                values (:id, :owner, :project, :name, :type, :version, :plan, :region, :wanted, :status, :since, :code,
                    :message, :failures, :retry, :user, :database, :password, :next, :admin, :encrypted, :label, :volume, :networks, :revision,
                    :adjustment, :variables, :generation, :image, :address, :port, :backup, :next_volume, :previous_volume, :previous_password,
                    :aim, :archive, :target, :handed, :created, :updated)""", database).update();
    }

    /** Writes all of it; the caller holds its lock. */
    void update(Database database) {
        parameters("""
                update database set project_id = :project, name = :name, plan = :plan, wanted = :wanted, status = :status,
                    status_since = :since, failure_code = :code, failure_message = :message, failures = :failures,
                    retry_at = :retry, password = :password, next_password = :next, volume_id = :volume,
                    allowed_networks = :networks, revision = :revision, adjustment = :adjustment, variables_revision = :variables, generation = :generation, image = :image,
                    address = :address, port = :port, recovery_backup = :backup, next_volume_id = :next_volume,
                    previous_volume_id = :previous_volume, previous_password = :previous_password, recovery_aim = :aim,
                    recovery_archive = :archive, recovery_target = :target, recovery_handed = :handed,
                    updated_at = :updated
                where id = :id""", database).update();
    }

    void delete(DatabaseId id) {
        jdbc.sql("delete from database where id = :id").param("id", id.value()).update();
    }

    private JdbcClient.StatementSpec parameters(String sql, Database database) {
        Condition condition = database.condition();
        Failure failure = condition.failure();
        Access access = database.access();
        Place place = database.place();
        Recovery from = database.recovery();
        Recovery.Point point = from == null ? null : from.point();
        return jdbc.sql(sql)
                .param("id", database.id().value())
                .param("owner", database.owner().value())
                .param(
                        "project",
                        database.project() == null ? null : database.project().value())
                .param("name", database.name())
                .param("type", database.type().name())
                .param("version", database.version())
                .param("plan", database.plan().name())
                .param("region", database.region())
                .param("wanted", database.wanted().name())
                .param("status", condition.status().name())
                .param("since", Rows.timestamp(condition.since()))
                .param("code", failure == null ? null : failure.code())
                .param("message", failure == null ? null : failure.message())
                .param("failures", condition.failures())
                .param("retry", Rows.timestamp(condition.retryAt()))
                .param("user", access.user())
                .param("database", access.database())
                .param("password", access.password().ciphertext())
                .param("next", access.next() == null ? null : access.next().ciphertext())
                .param("admin", access.admin().ciphertext())
                .param("encrypted", database.encrypted())
                .param("label", database.privateName())
                .param("volume", database.volume().value())
                .param("networks", database.allowedNetworks().toArray(String[]::new))
                .param("revision", database.revision())
                .param("adjustment", database.adjustment())
                .param("variables", database.variablesRevision())
                .param("generation", database.generation())
                .param("image", json.writeIfPresent(database.image()))
                .param("address", place == null ? null : place.address())
                .param("port", place == null ? null : place.port())
                .param("backup", from == null ? null : from.backup().value())
                .param(
                        "next_volume",
                        from == null || from.next() == null ? null : from.next().value())
                .param(
                        "previous_volume",
                        from == null || from.previous() == null
                                ? null
                                : from.previous().value())
                .param(
                        "previous_password",
                        from == null || from.previousPassword() == null
                                ? null
                                : from.previousPassword().ciphertext())
                .param("aim", from == null ? null : from.aim().name())
                .param("archive", point == null ? null : point.archive())
                .param("target", point == null ? null : Rows.timestamp(point.time()))
                .param("handed", point != null && point.handed())
                .param("created", Rows.timestamp(database.createdAt()))
                .param("updated", Rows.timestamp(database.updatedAt()));
    }

    private Database database(ResultSet row, int index) throws SQLException {
        String image = row.getString("image");
        String code = row.getString("failure_code");
        String next = row.getString("next_password");
        String address = row.getString("address");
        return new Database(
                Rows.id(row, "id", DatabaseId::new),
                Rows.id(row, "owner_id", UserId::new),
                Rows.idOrNull(row, "project_id", ProjectId::new),
                row.getString("name"),
                DatabaseType.valueOf(row.getString("type")),
                row.getString("version"),
                Plan.valueOf(row.getString("plan")),
                row.getString("region"),
                Wanted.valueOf(row.getString("wanted")),
                new Condition(
                        DatabaseStatus.valueOf(row.getString("status")),
                        Rows.instant(row, "status_since"),
                        code == null ? null : new Failure(code, row.getString("failure_message")),
                        row.getInt("failures"),
                        Rows.instantOrNull(row, "retry_at")),
                new Access(
                        row.getString("username"),
                        row.getString("database_name"),
                        new Sealed(row.getString("password")),
                        next == null ? null : new Sealed(next),
                        new Sealed(row.getString("admin_password"))),
                row.getBoolean("encrypted"),
                row.getString("private_name"),
                Rows.id(row, "volume_id", ServiceId::new),
                List.of((String[]) row.getArray("allowed_networks").getArray()),
                row.getLong("revision"),
                row.getLong("adjustment"),
                row.getLong("variables_revision"),
                row.getLong("generation"),
                image == null ? null : json.read(image, PreparedImage.class),
                address == null ? null : new Place(address, row.getInt("port")),
                recovery(row),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }

    private static @Nullable Recovery recovery(ResultSet row) throws SQLException {
        BackupId backup = Rows.idOrNull(row, "recovery_backup", BackupId::new);
        String password = row.getString("previous_password");
        return backup == null
                ? null
                : new Recovery(
                        backup,
                        Recovery.Aim.valueOf(row.getString("recovery_aim")),
                        Rows.idOrNull(row, "next_volume_id", ServiceId::new),
                        Rows.idOrNull(row, "previous_volume_id", ServiceId::new),
                        password == null ? null : new Sealed(password),
                        point(row));
    }

    private static Recovery.@Nullable Point point(ResultSet row) throws SQLException {
        UUID archive = row.getObject("recovery_archive", UUID.class);
        return archive == null
                ? null
                : new Recovery.Point(archive, Rows.instant(row, "recovery_target"), row.getBoolean("recovery_handed"));
    }
}
