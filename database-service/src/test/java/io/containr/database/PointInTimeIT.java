package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is asked of points in time that cannot be had; those that can are gone back to end to end. */
class PointInTimeIT extends DatabaseServiceTest {

    @Test
    void whereNothingIsArchivedThereIsNoWindowAndNoWayBack() {
        String id = create("young", "postgresql");

        JsonNode pitr = api.get(DATABASES + "/" + id).json().path("pitr");
        assertThat(pitr.path("state").asString()).isEqualTo("idle");
        assertThat(pitr.has("earliest")).isFalse();
        assertThat(pitr.has("latest")).isFalse();
        assertThat(pitr.path("windows").size()).isZero();
        Api.Answer refused =
                restore(id, "newest", Instant.now().minusSeconds(60).toString()).expect(409);
        assertThat(refused.text("/error")).contains("no time yet");
        assertThat(messages.all(RestoreVolume.class)).isEmpty();
    }

    @Test
    void theFutureCannotBeGoneBackTo() {
        String id = create("hopeful", "postgresql");

        assertThat(field(restore(
                                id,
                                "newest",
                                Instant.now().plus(Duration.ofHours(1)).toString())
                        .expect(400)))
                .startsWith("must not be in the future");
    }

    @ParameterizedTest
    @CsvSource({"2026-01-02", "2026-01-02T03:04:05", "yesterday", "1767323045", "2026-13-02T03:04:05Z"})
    void whatIsNoTimeWithItsOffsetIsNamed(String time) {
        String id = create("strict", "postgresql");

        assertThat(field(restore(id, "newest", time).expect(400))).startsWith("must be a time with its offset");
    }

    @Test
    void onlyPostgresqlHasIt() {
        String id = create("cache", "redis");
        awaitStatus(id, "running");

        assertThat(api.get(DATABASES + "/" + id).json().has("pitr")).isFalse();
        assertThat(field(restore(id, "newest", Instant.now().toString()).expect(400)))
                .contains("PostgreSQL");
    }

    @Test
    void aCloneNeedsABackupToGoOnFrom() {
        String order = body("then", "postgresql").replace("}", ",\"target_time\":\"2026-01-02T03:04:05Z\"}");

        assertThat(field(api.post(DATABASES, order).expect(400))).contains("backup_id");
        assertThat(api.get(DATABASES).text("/pagination/total")).isEqualTo("0");
    }

    @Test
    void anotherOnesDatabaseIsNotThere() {
        String id = create("mine", "postgresql");

        as(new UserId(Ids.next()))
                .post(DATABASES + "/" + id + "/restore", "{\"target_time\":\"2026-01-02T03:04:05Z\"}")
                .expect(404);
        api.post(DATABASES + "/" + id + "/restore", "{}").expect(400);
    }

    private static String field(Api.Answer answer) {
        return answer.text("/details/fields/target_time");
    }

    private Api.Answer restore(String id, String backup, String time) {
        return api.post(
                DATABASES + "/" + id + "/restore",
                "{\"backup_id\":\"" + backup + "\",\"target_time\":\"" + time + "\"}");
    }
}
