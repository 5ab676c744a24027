package io.containr.database.archive;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of archives. */
@Repository
public class Archives {

    private final JdbcClient jdbc;

    Archives(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Archive> find(BackupId backup) {
        return jdbc.sql("select * from backup_archive where backup_id = :backup")
                .param("backup", backup.value())
                .query(Archives::archive)
                .optional();
    }

    /** Those of a database, by their backups. */
    public Map<BackupId, Archive> of(DatabaseId database) {
        return jdbc
                .sql("select * from backup_archive where database_id = :database")
                .param("database", database.value())
                .query(Archives::archive)
                .list()
                .stream()
                .collect(Collectors.toMap(Archive::backup, Function.identity()));
    }

    /** One that is known already stays as it is. */
    void insert(BackupId backup, DatabaseId database, String node, String volume) {
        jdbc.sql("""
                insert into backup_archive (backup_id, database_id, node, volume)
                values (:backup, :database, :node, :volume) on conflict do nothing""")
                .param("backup", backup.value())
                .param("database", database.value())
                .param("node", node)
                .param("volume", volume)
                .update();
    }

    void checked(BackupId backup, Checked whole, Instant now) {
        jdbc.sql("""
                update backup_archive set checksum = :checksum, modified_at = :modified, checked_at = :now
                where backup_id = :backup""")
                .param("checksum", whole.checksum())
                .param("modified", Rows.timestamp(whole.modifiedAt()))
                .param("now", Rows.timestamp(now))
                .param("backup", backup.value())
                .update();
    }

    void copied(BackupId backup, Instant now) {
        jdbc.sql("update backup_archive set copied_at = :now where backup_id = :backup")
                .param("now", Rows.timestamp(now))
                .param("backup", backup.value())
                .update();
    }

    /** @param failure null: none any more */
    void settle(BackupId backup, @Nullable String failure) {
        jdbc.sql("update backup_archive set failure = :failure where backup_id = :backup")
                .param("failure", failure)
                .param("backup", backup.value())
                .update();
    }

    void letGo(BackupId backup) {
        jdbc.sql("update backup_archive set deleted = true where backup_id = :backup")
                .param("backup", backup.value())
                .update();
    }

    void delete(BackupId backup) {
        jdbc.sql("delete from backup_archive where backup_id = :backup and deleted")
                .param("backup", backup.value())
                .update();
    }

    /** Those with which something is still to be done. */
    List<BackupId> unfinished(boolean withCopies) {
        return jdbc.sql("""
                select backup_id from backup_archive
                where checksum is null or deleted or (:copies and copied_at is null)""")
                .param("copies", withCopies)
                .query((row, index) -> Rows.id(row, "backup_id", BackupId::new))
                .list();
    }

    /** With how many something failed at the last attempt. */
    double failing() {
        return jdbc.sql("select count(*) from backup_archive where failure is not null")
                .query(Double.class)
                .single();
    }

    private static Archive archive(ResultSet row, int index) throws SQLException {
        return new Archive(
                Rows.id(row, "backup_id", BackupId::new),
                Rows.id(row, "database_id", DatabaseId::new),
                row.getString("node"),
                row.getString("volume"),
                row.getString("checksum"),
                Rows.instantOrNull(row, "modified_at"),
                Rows.instantOrNull(row, "checked_at"),
                Rows.instantOrNull(row, "copied_at"),
                row.getString("failure"),
                row.getBoolean("deleted"));
    }
}
