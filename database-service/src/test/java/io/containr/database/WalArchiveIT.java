package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Archives of logs on their bad days: a slot that is lost, a disk that is full; and what is taken away of them. */
class WalArchiveIT extends PostgresTest {

    @Test
    void aLostSlotEndsTheWindowAndTheNextBackupBeginsAnother() throws SQLException {
        String id = archived("slotless", 10);

        await("the slot is gone")
                .ignoreExceptions()
                .until(() -> text(
                                id,
                                "select count(pg_drop_replication_slot(slot_name)) from pg_replication_slots where slot_name like 'containr%'")
                        .equals("1"));
        execute(id, "insert into item values (11)");

        await("the archive has ended")
                .atMost(Duration.ofSeconds(60))
                .until(() -> ended(id).equals("the engine did not keep what was not stored yet"));
        String gap = time(id);
        String latest = pitr(id).path("latest").asString();
        assertThat(latest).isLessThan(gap);
        assertThat(restore(id, gap).expect(409).text("/error")).contains("cannot go back to", latest);
        assertThat(pitr(id).path("latest").asString()).isEqualTo(latest);
        execute(id, "insert into item values (12)");
        backUp(id);
        awaitWindows(id, 2);
        assertThat(pitr(id).at("/windows/0/latest").asString()).isEqualTo(latest);
        assertThat(restore(id, gap).expect(409).text("/error")).contains("from", latest);
        String then = time(id);
        execute(id, "drop table item");
        goBack(id, then);
        assertThat(rows(id)).isEqualTo(12);
    }

    @Test
    void segmentsBeforeTheOldestBackupThatIsKeptGoAndNoneThatItNeeds() throws SQLException {
        String id = archived("pruned", 10);
        String first = neededByTheBackup(id);
        await("segments from before the first backup are gone")
                .atMost(Duration.ofSeconds(60))
                .until(() -> oldest(id).equals(first));
        execute(id, "insert into item values (11)");
        backUp(id);
        execute(id, "insert into item values (12)");
        String then = time(id);
        awaitCovered(id, then);
        assertThat(oldest(id)).isEqualTo(first);
        execute(id, "drop table item");

        backUp(id);

        await("segments of the deleted backup are gone")
                .atMost(Duration.ofSeconds(60))
                .until(() -> oldest(id).compareTo(first) > 0 && backups(id) == 2);
        goBack(id, then);
        assertThat(rows(id)).isEqualTo(12);
        assertThat(restore(id, "2026-01-02T03:04:05Z").expect(409).text("/error"))
                .contains("cannot go back to");
    }

    @Test
    void aFullDiskIsToldAndTheEngineKeepsNoMoreThanItsLimit() throws Exception {
        world.postgresSettings("-c max_slot_wal_keep_size=32MB -c max_wal_size=32MB -c min_wal_size=32MB");
        String id = archived("overflowing", 10);
        Path archives = Objects.requireNonNull(properties.wal().directory()).toAbsolutePath();
        run("mount", "-t", "tmpfs", "-o", "size=64k", "none", archives.toString());
        try {
            execute(id, "create table much as select md5(n::text) as text from generate_series(1, 100000) n");
            JsonNode failing = await("the disk is full")
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> pitr(id),
                            shown -> shown.path("state").asString().equals("failing"));
            assertThat(failing.path("failure").asString())
                    .isEqualTo("the archive cannot be written: No space left on device");
            for (int i = 0; i < 8; i++) {
                execute(id, "insert into much select md5(n::text) from generate_series(1, 100000) n");
                execute(id, "checkpoint");
            }
            assertThat(Long.parseLong(text(id, "select sum(size) from pg_ls_waldir()")))
                    .as("of more than 80 MB that were written")
                    .isLessThanOrEqualTo(80L << 20);
            await("the archive has ended")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ended(id), reason -> !reason.isEmpty());
            assertThat(ended(id))
                    .matches("the engine did not keep what was not stored yet|segment \\w+ is not there any more");
            try (Stream<Path> left = Files.walk(archives)) {
                assertThat(left.filter(file -> file.toString().endsWith(".part"))
                                .count())
                        .as("at most the one that is being written")
                        .isLessThanOrEqualTo(1);
            }
        } finally {
            // A segment may be on its way into it.
            run("umount", "--lazy", archives.toString());
            world.postgresSettings("");
        }

        await("it is archived again")
                .atMost(Duration.ofSeconds(60))
                .until(() -> pitr(id).path("state").asString().equals("archiving"));
        backUp(id);
        awaitWindows(id, 2);
    }

    /** The file of the first segment that the only backup goes on from, where nothing went back yet. */
    private String neededByTheBackup(String id) {
        return jdbc.sql("""
                        select '00000001' || lpad(upper(to_hex(first_segment / 256)), 8, '0')
                            || lpad(upper(to_hex(first_segment % 256)), 8, '0') || '.gz'
                        from database_backup where database_id = :id::uuid
                        """).param("id", id).query(String.class).single();
    }

    /** Why the database's first archive goes on no more. */
    private String ended(String id) {
        return jdbc.sql(
                        "select coalesce(end_reason, '') from wal_archive where database_id = :id::uuid order by begun_at limit 1")
                .param("id", id)
                .query(String.class)
                .single();
    }

    private int backups(String id) {
        return api.get(DATABASES + "/" + id).json().at("/backups/backups").size();
    }

    /** The oldest segment of its present archive. */
    private String oldest(String id) {
        String archive = jdbc.sql("select id::text from wal_archive where database_id = :id::uuid and ended_at is null")
                .param("id", id)
                .query(String.class)
                .single();
        try (Stream<Path> files =
                Files.list(Objects.requireNonNull(properties.wal().directory()).resolve(archive))) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
