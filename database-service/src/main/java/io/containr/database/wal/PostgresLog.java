package io.containr.database.wal;

import io.containr.database.engine.EngineException;
import io.containr.database.engine.Sessions;
import io.containr.database.engine.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a running PostgreSQL about its write-ahead log, by statements alone. A replication slot keeps the segments that are
 * not stored yet; a commit of ours closes a stretch of time: what was committed before it can be told from what came after.
 */
final class PostgresLog implements AutoCloseable {

    private static final int CHUNK = 1 << 20;

    /** Of a segment's first page: magic, flags, timeline and the position of the page in the log. */
    private static final int HEADER = 16;

    private static final int TIMELINE_AT = 4;
    private static final int POSITION_AT = 8;

    private static final String UNDEFINED_FILE = "58P01";

    private final Connection connection;

    private PostgresLog(Connection connection) {
        this.connection = connection;
    }

    static PostgresLog open(Sessions sessions, Target target) throws EngineException {
        return new PostgresLog(sessions.open(target));
    }

    /** A segment that the engine does not have, or no longer. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /**
     * @param limited whether what it keeps for us has an end, so that its disk does not run full
     */
    record Server(boolean recovering, boolean limited, long timeline, long segmentBytes) {}

    /**
     * Who is committing.
     *
     * @param text of the snapshot
     */
    record Moment(Instant time, String text) {

        /** What the engine shows after a commit of ours with this number, if nothing else happens; null where something did. */
        @Nullable
        String after(long transaction) {
            String[] parts = text.split(":", -1);
            if (Long.parseLong(parts[1]) != transaction) {
                return null;
            }
            long next = transaction + 1;
            return (parts[2].isEmpty() ? Long.toString(next) : parts[0]) + ":" + next + ":" + parts[2];
        }
    }

    Server server() throws EngineException {
        return one("""
                select pg_is_in_recovery(), current_setting('max_slot_wal_keep_size') <> '-1',
                    case when pg_is_in_recovery() then 0
                         else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint end,
                    (select setting::bigint from pg_settings where name = 'wal_segment_size')""", row -> new Server(row.getBoolean(1), row.getBoolean(2), row.getLong(3), row.getLong(4)));
    }

    Moment moment() throws EngineException {
        return one(
                "select clock_timestamp(), pg_current_snapshot()::text",
                row -> new Moment(
                        row.getObject(1, OffsetDateTime.class).toInstant(), String.valueOf(row.getString(2))));
    }

    /** Commits nothing, which is in the log nevertheless; returns its number. */
    long commit() throws EngineException {
        return one("select pg_current_xact_id()::text::bigint", row -> row.getLong(1));
    }

    /** Has the present segment end here, so that it can be stored. */
    void endSegment() throws EngineException {
        one("select pg_switch_wal()", row -> true);
    }

    /** The segment that is being written; all before it are whole. */
    long current(long segmentBytes) throws EngineException {
        return one("select (pg_current_wal_flush_lsn() - '0/0')::bigint", row -> row.getLong(1)) / segmentBytes;
    }

    /** Makes the slot, which keeps what is written from now on, and takes away others of ours, as those that came with a restored volume. */
    void keep(String slot) throws EngineException {
        run("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name like 'containr\\_%'");
        run("select pg_create_physical_replication_slot('" + slot + "', true)");
    }

    /** Whether the engine still keeps what is not stored. */
    boolean keeps(String slot) throws EngineException {
        return one(
                "select exists (select 1 from pg_replication_slots where slot_name = '" + slot
                        + "' and restart_lsn is not null and wal_status <> 'lost')",
                row -> row.getBoolean(1));
    }

    /** Everything before this segment is stored. */
    void release(String slot, long segment, long segmentBytes) throws EngineException {
        run("""
                select pg_replication_slot_advance(slot_name, wanted.lsn)
                from pg_replication_slots, (select '0/0'::pg_lsn + %d as lsn) wanted
                where slot_name = '%s' and restart_lsn < wanted.lsn""".formatted(segment * segmentBytes, slot));
    }

    /** The whole of a segment, once it is known to be the one that is meant. */
    void read(WalArchive archive, long segment, OutputStream out)
            throws EngineException, MissingException, IOException {
        String name = archive.name(segment);
        long size = archive.segmentBytes();
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_read_binary_file('pg_wal/' || ?, ?, ?)")) {
            for (long offset = 0; offset < size; offset += CHUNK) {
                statement.setString(1, name);
                statement.setLong(2, offset);
                statement.setLong(3, Math.min(CHUNK, size - offset));
                byte[] bytes = bytes(statement);
                if (bytes.length != Math.min(CHUNK, size - offset)) {
                    throw new MissingException("segment " + name + " is shorter than a segment");
                }
                if (offset == 0) {
                    check(archive, segment, bytes);
                }
                out.write(bytes);
            }
        } catch (SQLException e) {
            if (UNDEFINED_FILE.equals(e.getSQLState())) {
                throw new MissingException("segment " + name + " is not there any more");
            }
            throw Sessions.failure(e);
        }
    }

    private static byte[] bytes(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBytes(1);
        }
    }

    private static void check(WalArchive archive, long segment, byte[] page) throws MissingException {
        ByteBuffer header = ByteBuffer.wrap(page, 0, HEADER).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(TIMELINE_AT) != archive.timeline()
                || header.getLong(POSITION_AT) != segment * archive.segmentBytes()) {
            throw new MissingException("segment " + archive.name(segment) + " holds something else");
        }
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> T one(String sql, Reader<T> reader) throws EngineException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return reader.read(row);
        } catch (SQLException e) {
            throw Sessions.failure(e);
        }
    }

    private void run(String sql) throws EngineException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        } catch (SQLException e) {
            throw Sessions.failure(e);
        }
    }

    @Override
    public void close() throws EngineException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw Sessions.failure(e);
        }
    }
}
