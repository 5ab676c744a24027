package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.ids.ServiceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Databases that go back to points in time, and those that cannot. */
class GoBackIT extends PostgresTest {

    @Test
    void whatWentBackIsArchivedFromThenOnAndCanGoBackAgain() throws SQLException {
        String id = archived("journal", 1000);
        execute(id, "insert into item select generate_series(2000, 2499)");
        String then = time(id);
        execute(id, "drop table item");

        goBack(id, then);
        assertThat(rows(id)).isEqualTo(1500);

        execute(id, "insert into item values (3000)");
        backUp(id);
        awaitWindows(id, 2);
        String later = time(id);
        execute(id, "delete from item");
        goBack(id, later);
        assertThat(rows(id)).isEqualTo(1501);
        goBack(id, then);
        assertThat(rows(id)).isEqualTo(1500);
    }

    @Test
    void thePasswordOfThenIsKnownAndThePresentOneIsGivenToWhatWentBack() throws SQLException {
        String id = archived("rekeyed", 10);
        execute(id, "insert into item values (11)");
        String before = time(id);
        rotate(id);
        rotate(id);
        execute(id, "insert into item values (12)");
        String after = time(id);
        String present = url(id);
        execute(id, "drop table item");

        goBack(id, before);

        assertThat(rows(id)).isEqualTo(11);
        await("the present password").until(() -> password(url(id)).equals(password(present)));
        goBack(id, after);
        assertThat(rows(id)).isEqualTo(12);
        await("the present password").until(() -> password(url(id)).equals(password(present)));
    }

    @Test
    void whereASegmentIsMissingTheDatabaseStaysAsItIsAndSaysWhy() throws Exception {
        String id = archived("torn", 10);
        ServiceId volume = volume("torn");
        String then = time(id);
        execute(id, "insert into item values (11)");
        awaitCovered(id, then);
        String present = url(id);
        List<Path> segments = segments(id);
        Files.delete(segments.getLast());

        restore(id, then).expect(200);

        DatabaseRestoreFailed failed = messages.await(
                DatabaseRestoreFailed.class,
                event -> event.database().toString().equals(id));
        assertThat(failed.failure().code()).isEqualTo("REPLAY_FAILED");
        assertThat(failed.failure().message())
                .contains("lacks segment "
                        + segments.getLast().getFileName().toString().replace(".gz", ""));
        JsonNode told = api.get(DATABASES + "/" + id).json().path("last_restore");
        assertThat(told.path("error_code").asString()).isEqualTo("REPLAY_FAILED");
        assertThat(Instant.parse(told.path("target_time").asString())).isEqualTo(Instant.parse(then));
        awaitStatus(id, "running");
        await("the previous state")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> rows(id) == 11);
        assertThat(volume("torn")).isEqualTo(volume);
        assertThat(password(url(id))).isEqualTo(password(present));
        assertThat(restored(id)).isZero();
    }

    private void rotate(String id) {
        String before = url(id);
        api.post(DATABASES + "/" + id + "/credentials").expect(200);
        await("another password")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !url(id).equals(before) && !url(id).isEmpty());
    }

    private String url(String id) {
        return api.get(DATABASES + "/" + id).text("/connection_url");
    }

    private static String password(String url) {
        return url.isEmpty() ? "" : url.substring(url.indexOf(':', 13) + 1, url.indexOf('@'));
    }

    /** Of the newest instance. */
    private ServiceId volume(String name) {
        return instancesNamed(name).getLast().service();
    }

    /** Of the archive that its newest backup begins in; oldest first. */
    private List<Path> segments(String id) throws IOException {
        String archive = jdbc.sql("select id::text from wal_archive where database_id = :id::uuid and ended_at is null")
                .param("id", id)
                .query(String.class)
                .single();
        try (Stream<Path> files = Files.list(properties.wal().directory().resolve(archive))) {
            return files.filter(file -> file.toString().endsWith(".gz"))
                    .sorted()
                    .toList();
        }
    }
}
