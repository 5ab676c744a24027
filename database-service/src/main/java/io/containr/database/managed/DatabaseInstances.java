package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.database.managed.Database.Place;
import io.containr.database.managed.DatabaseInstance.Adjustment;
import io.containr.database.managed.DatabaseInstance.State;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of databases' guests. */
@Repository
class DatabaseInstances {

    private final JdbcClient jdbc;

    DatabaseInstances(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Oldest first. */
    List<DatabaseInstance> of(DatabaseId database) {
        return jdbc.sql("select * from database_instance where database_id = :database order by id")
                .param("database", database.value())
                .query(DatabaseInstances::instance)
                .list();
    }

    void insert(DatabaseId database, DatabaseInstance instance, long generation, Instant now) {
        jdbc.sql("""
                insert into database_instance (id, database_id, volume_id, revision, adjustment, generation, state, created_at)
                values (:id, :database, :volume, :revision, :adjustment, :generation, :state, :now)""")
                .param("id", instance.id().value())
                .param("database", database.value())
                .param("volume", instance.volume().value())
                .param("revision", instance.revision())
                .param("adjustment", instance.adjustment().asked())
                .param("generation", generation)
                .param("state", instance.state().name())
                .param("now", Rows.timestamp(now))
                .update();
    }

    /** As the agent tells it; one that leaves goes on leaving. Returns whose it is, empty for one that is nobody's. */
    Optional<DatabaseId> report(InstanceId instance, State state, @Nullable Place place, @Nullable Failure failure) {
        return jdbc.sql("""
                update database_instance set
                    state = case when state in ('LEAVING', 'FAILED') then state else :state end,
                    address = coalesce(:address, address), port = coalesce(:port, port),
                    failure_code = coalesce(:code, failure_code), failure_message = coalesce(:message, failure_message)
                where id = :id returning database_id""")
                .param("state", state.name())
                .param("address", place == null ? null : place.address())
                .param("port", place == null ? null : place.port())
                .param("code", failure == null ? null : failure.code())
                .param("message", failure == null ? null : failure.message())
                .param("id", instance.value())
                .query(UUID.class)
                .optional()
                .map(DatabaseId::new);
    }

    /** It is asked, as this generation of it, to have what the database is by now. */
    void adjust(InstanceId instance, long adjustment, long generation) {
        jdbc.sql("""
                update database_instance set adjustment = :adjustment, generation = :generation, adjusted = false,
                    refused = false, obstacle_code = null, obstacle_message = null
                where id = :id""")
                .param("adjustment", adjustment)
                .param("generation", generation)
                .param("id", instance.value())
                .update();
    }

    /**
     * What became of that; returns whose it is, empty where it was asked for something else by now.
     *
     * @param obstacle null where it has it
     * @param refused whether it will never have it
     */
    Optional<DatabaseId> reportAdjustment(
            InstanceId instance, long generation, @Nullable Failure obstacle, boolean refused) {
        return jdbc.sql("""
                update database_instance set adjusted = :code::text is null, refused = :refused, obstacle_code = :code,
                    obstacle_message = :message
                where id = :id and generation = :generation returning database_id""")
                .param("refused", refused)
                .param("code", obstacle == null ? null : obstacle.code())
                .param("message", obstacle == null ? null : obstacle.message())
                .param("id", instance.value())
                .param("generation", generation)
                .query(UUID.class)
                .optional()
                .map(DatabaseId::new);
    }

    void leave(InstanceId instance) {
        jdbc.sql("update database_instance set state = 'LEAVING' where id = :id")
                .param("id", instance.value())
                .update();
    }

    /** Returns whose it was. */
    Optional<DatabaseId> delete(InstanceId instance) {
        return jdbc.sql("delete from database_instance where id = :id returning database_id")
                .param("id", instance.value())
                .query(UUID.class)
                .optional()
                .map(DatabaseId::new);
    }

    private static DatabaseInstance instance(ResultSet row, int index) throws SQLException {
        String address = row.getString("address");
        Integer port = row.getObject("port", Integer.class);
        String code = row.getString("failure_code");
        String obstacle = row.getString("obstacle_code");
        return new DatabaseInstance(
                Rows.id(row, "id", InstanceId::new),
                Rows.id(row, "volume_id", ServiceId::new),
                row.getLong("revision"),
                new Adjustment(
                        row.getLong("adjustment"),
                        row.getBoolean("adjusted"),
                        obstacle == null ? null : new Failure(obstacle, row.getString("obstacle_message")),
                        row.getBoolean("refused")),
                State.valueOf(row.getString("state")),
                address == null || port == null ? null : new Place(address, port),
                code == null ? null : new Failure(code, row.getString("failure_message")));
    }
}
