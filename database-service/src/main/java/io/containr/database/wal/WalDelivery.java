package io.containr.database.wal;

import io.containr.database.catalogue.Catalogue;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.EngineException;
import io.containr.database.engine.Sessions;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database;
import io.containr.database.managed.Database.Recovery;
import io.containr.database.managed.Replays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.springframework.stereotype.Component;

/**
 * Hands archived segments to a PostgreSQL that is to replay them. Before it starts, the guest runs a server of its own on its port, with
 * its password and certificate (see the command in the catalogue): it writes what it is given beside the data, and ends once all of it
 * is there. It is met again only where PostgreSQL could not replay it.
 */
@Component
class WalDelivery implements Replays {

    /** No database of a user can be called so. */
    private static final String RECEIVER = "containr-receiver";

    private static final String PLACE = "/containr-recovery";
    private static final int TRIES = 3;

    private final WalArchives archives;
    private final WalStore store;
    private final EngineClients clients;
    private final Catalogue catalogue;

    WalDelivery(WalArchives archives, WalStore store, EngineClients clients, Catalogue catalogue) {
        this.archives = archives;
        this.store = store;
        this.clients = clients;
        this.catalogue = catalogue;
    }

    @Override
    public Progress serve(Database database, Target target) throws EngineException {
        Recovery recovery = Objects.requireNonNull(database.recovery(), "it goes to a point in time");
        Recovery.Point point = Objects.requireNonNull(recovery.point(), "it goes to a point in time");
        String place = catalogue.engine(database.type()).volumePath() + PLACE;
        Target receiver = new Target(
                target.host(), target.port(), target.user(), target.password(), RECEIVER, target.authority());
        try (Connection connection = ((Sessions) clients.of(database.type())).open(receiver)) {
            if (size(connection, place + "/complete").isPresent()) {
                return size(connection, place + "/tries").orElse(0L) < TRIES
                        ? new Progress.Waiting()
                        : new Progress.Failed("PostgreSQL could not replay its log up to " + point.time());
            }
            Optional<WalArchive> archive = archives.find(point.archive());
            if (archive.isEmpty()) {
                return new Progress.Failed("The archived log is gone");
            }
            for (String segment : segments(archive.get(), archives.firstSegment(recovery.backup()))) {
                Path file = store.file(point.archive(), segment);
                if (!Files.exists(file)) {
                    return new Progress.Failed("The archived log lacks segment " + segment);
                }
                write(connection, place + "/wal/" + segment + WalStore.SUFFIX, Files.readAllBytes(file));
            }
            write(connection, place + "/complete", new byte[0]);
            return new Progress.HandedOver();
        } catch (SQLException e) {
            throw Sessions.failure(e);
        } catch (IOException e) {
            throw new EngineException("the archive cannot be read: " + e.getMessage(), e);
        }
    }

    /** Those before the archive's first are in the backup itself. */
    private static List<String> segments(WalArchive archive, long first) {
        return LongStream.range(Math.max(first, archive.firstSegment()), archive.nextSegment())
                .mapToObj(archive::name)
                .toList();
    }

    private static Optional<Long> size(Connection connection, String path) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select size from pg_stat_file(?, true)")) {
            statement.setString(1, path);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long size = row.getLong(1);
                return row.wasNull() ? Optional.empty() : Optional.of(size);
            }
        }
    }

    /** One that is there already is left as it is. */
    private static void write(Connection connection, String path, byte[] content) throws SQLException {
        if (size(connection, path).filter(size -> size == content.length).isPresent()) {
            return;
        }
        long object;
        try (PreparedStatement statement = connection.prepareStatement("select lo_from_bytea(0, ?)")) {
            statement.setBytes(1, content);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                object = row.getLong(1);
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("select lo_export(?, ?), lo_unlink(?)")) {
            statement.setLong(1, object);
            statement.setString(2, path);
            statement.setLong(3, object);
            statement.execute();
        }
    }
}
