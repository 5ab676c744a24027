package io.containr.database.managed;

import io.containr.contracts.agent.InstanceMeasured;
import io.containr.contracts.ids.InstanceId;
import io.containr.database.DatabaseProperties;
import io.containr.database.engine.Figures;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The latest of what the hypervisor measured of each database's guest and of what its engine told. What is not known is not there, and
 * what is old is not known.
 */
@Component
public class Measurements implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Duration freshFor;

    Measurements(JdbcClient jdbc, Clock clock, DatabaseProperties properties) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.freshFor = properties.metrics().freshFor();
    }

    /**
     * Of a database's present guest.
     *
     * @param guest null: not known
     */
    public record Latest(@Nullable Guest guest, Figures engine) {

        boolean isKnown() {
            return guest != null || !engine.equals(Figures.UNKNOWN);
        }
    }

    /**
     * As the hypervisor measured it; rates are bytes a second.
     *
     * @param cpus in use
     */
    public record Guest(
            Instant measuredAt,
            double cpus,
            long memoryBytes,
            @Nullable Double networkIn,
            @Nullable Double networkOut,
            @Nullable Double diskRead,
            @Nullable Double diskWrite) {}

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription.on(InstanceMeasured.class, (event, meta) -> measured(event));
    }

    /** One of a guest that is nobody's is skipped, and so is one that comes after a later one. */
    private void measured(InstanceMeasured event) {
        jdbc.sql("""
                insert into database_measurement (instance_id, measured_at, cpus, memory_bytes, network_in, network_out,
                    disk_read, disk_write)
                select id, :at::timestamptz, :cpus, :memory, :network_in::float8, :network_out::float8, :disk_read::float8,
                    :disk_write::float8
                from database_instance where id = :instance
                on conflict (instance_id) do update set measured_at = excluded.measured_at, cpus = excluded.cpus,
                    memory_bytes = excluded.memory_bytes, network_in = excluded.network_in,
                    network_out = excluded.network_out, disk_read = excluded.disk_read,
                    disk_write = excluded.disk_write
                where database_measurement.measured_at is null
                   or database_measurement.measured_at < excluded.measured_at""")
                .param("at", Rows.timestamp(event.measuredAt()))
                .param("cpus", event.cpus())
                .param("memory", event.memoryBytes())
                .param("network_in", event.networkIn())
                .param("network_out", event.networkOut())
                .param("disk_read", event.diskRead())
                .param("disk_write", event.diskWrite())
                .param("instance", event.instance().value())
                .update();
    }

    /** In the current transaction. */
    void told(InstanceId instance, Figures figures, Instant now) {
        jdbc.sql("""
                insert into database_measurement (instance_id, told_at, connections, stored_bytes)
                select id, :now::timestamptz, :connections::int, :stored::bigint from database_instance where id = :instance
                on conflict (instance_id) do update set told_at = excluded.told_at, connections = excluded.connections,
                    stored_bytes = excluded.stored_bytes""")
                .param("instance", instance.value())
                .param("now", Rows.timestamp(now))
                .param("connections", figures.connections())
                .param("stored", figures.storedBytes())
                .update();
    }

    /** Empty where nothing is known that is fresh, and while the database does not run. */
    public Optional<Latest> of(Database database) {
        if (database.status() != DatabaseStatus.RUNNING) {
            return Optional.empty();
        }
        return jdbc.sql("""
                select measurement.* from database_measurement measurement
                join database_instance instance on instance.id = measurement.instance_id
                where instance.database_id = :database and instance.state <> 'LEAVING'
                order by instance.id desc limit 1""")
                .param("database", database.id().value())
                .query((row, index) -> latest(row))
                .optional()
                .filter(Latest::isKnown);
    }

    private Latest latest(ResultSet row) throws SQLException {
        Instant oldest = clock.instant().minus(freshFor);
        Instant measured = Rows.instantOrNull(row, "measured_at");
        Instant told = Rows.instantOrNull(row, "told_at");
        Figures figures = told == null || told.isBefore(oldest)
                ? Figures.UNKNOWN
                : new Figures(row.getObject("connections", Integer.class), row.getObject("stored_bytes", Long.class));
        return new Latest(
                measured == null || measured.isBefore(oldest)
                        ? null
                        : new Guest(
                                measured,
                                row.getDouble("cpus"),
                                row.getLong("memory_bytes"),
                                row.getObject("network_in", Double.class),
                                row.getObject("network_out", Double.class),
                                row.getObject("disk_read", Double.class),
                                row.getObject("disk_write", Double.class)),
                figures);
    }
}
