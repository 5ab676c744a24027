package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.database.DatabaseEvent.BackupCompleted;
import io.containr.contracts.database.DatabaseEvent.BackupFailed;
import io.containr.contracts.database.DatabaseEvent.BackupUnverified;
import io.containr.contracts.database.DatabaseEvent.BackupVerified;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.database.World.Storage;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** Backups, going back to them, and the proof that one can, with real Redis servers and their files. */
class BackupsIT extends DatabaseServiceTest {

    @BeforeEach
    void storageIsFine() {
        world.storage(Storage.FINE);
    }

    @Test
    void goingBackBringsTheRowsOfThenAndKeepsThePresentStateUntilTheyAnswer() {
        String id = running("orders");
        ServiceId before = volume("orders");
        put(id, "a", "1");
        JsonNode backup = backedUp(id);
        assertThat(backup.path("size").asString())
                .isEqualTo(world.archive(BackupId.of(backup.path("id").asString()))
                                .toFile()
                                .length() + " B");
        messages.await(BackupCompleted.class, event -> isOf(event.backup(), backup));
        put(id, "a", "2");
        String now = api.get(DATABASES + "/" + id).text("/connection_url");

        restore(id, backup).expect(200);
        restore(id, backup).expect(409);

        messages.await(DatabaseRestored.class, event -> isOf(event.backup(), backup));
        awaitStatus(id, "running");
        assertThat(get(id, "a")).isEqualTo("1");
        assertThat(volume("orders")).isNotEqualTo(before);
        messages.await(RemoveVolume.class, command -> command.service().equals(before));
        await().until(() -> instancesLeft(id) == 1);
        assertThat(password(api.get(DATABASES + "/" + id).text("/connection_url")))
                .isEqualTo(password(now));
    }

    @Test
    void whatWasRestoredGetsThePresentPassword() {
        String id = running("rekeyed");
        put(id, "a", "1");
        JsonNode backup = backedUp(id);
        String before = api.get(DATABASES + "/" + id).text("/connection_url");
        api.post(DATABASES + "/" + id + "/credentials").expect(200);
        await().until(() ->
                !api.get(DATABASES + "/" + id).text("/connection_url").equals(before));
        String rotated = password(api.get(DATABASES + "/" + id).text("/connection_url"));

        assertThat(api.get(DATABASES + "/" + id).json().has("last_restore")).isFalse();
        restore(id, backup).expect(200);

        messages.await(DatabaseRestored.class, event -> isOf(event.backup(), backup));
        assertThat(api.get(DATABASES + "/" + id).text("/last_restore/status")).isEqualTo("succeeded");
        await().until(() ->
                password(api.get(DATABASES + "/" + id).text("/connection_url")).equals(rotated));
        assertThat(get(id, "a")).isEqualTo("1");
    }

    @Test
    void aBackupThatItsEngineCannotReadLeavesTheDatabaseAsItWas() {
        String id = running("spared");
        ServiceId before = volume("spared");
        put(id, "a", "1");
        JsonNode backup = backedUp(id);
        put(id, "a", "2");
        world.storage(Storage.DAMAGED);

        restore(id, backup).expect(200);

        DatabaseRestoreFailed failed =
                messages.await(DatabaseRestoreFailed.class, event -> isOf(event.backup(), backup));
        assertThat(failed.failure().code()).isEqualTo("NOT_ANSWERING");
        JsonNode told = api.get(DATABASES + "/" + id).json().path("last_restore");
        assertThat(told.path("status").asString()).isEqualTo("failed");
        assertThat(told.path("error_code").asString()).isEqualTo("NOT_ANSWERING");
        assertThat(told.path("status_reason").asString())
                .isEqualTo(failed.failure().message());
        assertThat(told.path("backup_id").asString())
                .isEqualTo(backup.path("id").asString());
        assertThat(told.has("ended_at")).isTrue();
        awaitStatus(id, "running");
        assertThat(get(id, "a")).isEqualTo("2");
        assertThat(volume("spared")).isEqualTo(before);
        messages.await(
                RemoveVolume.class,
                command ->
                        !command.service().equals(before) && volumes("spared").contains(command.service()));
    }

    @Test
    void aScheduledBackupIsProvenByARestoredOneThatHoldsItsRows() {
        String id = running("proven");
        due(id);

        JsonNode backup = await("verified")
                .atMost(Duration.ofSeconds(20))
                .until(() -> last(id), shown -> shown.has("verified_at"));

        assertThat(backup.path("trigger").asString()).isEqualTo("schedule");
        messages.await(BackupVerified.class, event -> isOf(event.backup(), backup));
        await("the drill is gone")
                .until(() -> jdbc.sql("select count(*) from database where recovery_aim = 'DRILL'")
                                .query(Long.class)
                                .single()
                        == 0);
        assertThat(api.get(DATABASES).json().path("databases")).hasSize(1);
        assertThat(messages.all(DatabaseDeleted.class))
                .noneMatch(event -> event.owner().value().equals(new java.util.UUID(0, 0)));
    }

    @Test
    void aBackupOnRequestIsProvenWhereThatIsAskedFor() {
        String id = running("asked");
        api.post(DATABASES + "/" + id + "/backup?verify=maybe").expect(400);

        api.post(DATABASES + "/" + id + "/backup?verify=true").expect(201);

        JsonNode backup = await("verified")
                .atMost(Duration.ofSeconds(20))
                .until(() -> last(id), shown -> shown.has("verified_at"));
        assertThat(backup.path("trigger").asString()).isEqualTo("manual");
    }

    @Test
    void aScheduledBackupWithoutItsRowsIsNotVerifiedAndSaysSo() {
        String id = running("hollow");
        world.storage(Storage.FORGETFUL);
        due(id);

        BackupUnverified told = messages.await(
                BackupUnverified.class, event -> event.database().toString().equals(id));

        assertThat(told.failure().message()).contains("rows written before the backup");
        assertThat(last(id).has("verified_at")).isFalse();
        assertThat(last(id).path("drill_failure").asString()).contains("rows written");
    }

    @Test
    void aFailedBackupIsAFailedOneAndCannotBeRestored() {
        String id = running("unsaved");
        world.storage(Storage.FULL);

        api.post(DATABASES + "/" + id + "/backup").expect(201);

        BackupFailed failed = messages.await(
                BackupFailed.class, event -> event.database().toString().equals(id));
        assertThat(failed.failure().code()).isEqualTo("BACKUP_STORAGE_FULL");
        await().until(() -> last(id).path("status").asString().equals("failed"));
        assertThat(last(id).path("status_reason").asString()).isEqualTo("No space left on device");
        restore(id, last(id)).expect(409);
        assertThat(api.get(DATABASES + "/" + id).json().path("backups").has("last_backup"))
                .isFalse();
    }

    @Test
    void oneAtATimeAndOnlyTheNewestAreKept() {
        String id = running("kept");
        world.storage(Storage.SILENT);
        api.post(DATABASES + "/" + id + "/backup").expect(201);
        api.post(DATABASES + "/" + id + "/backup").expect(409);
        restore(id, last(id)).expect(409);
        BackUpVolume command =
                messages.await(BackUpVolume.class, told -> told.service().equals(volume("kept")));
        world.storage(Storage.FINE);
        VolumeBackedUp done = new VolumeBackedUp(
                command.backup(), command.service(), "pve1", "local:backup/y", 1, java.time.Instant.now());
        messages.publish(done, command.service());
        messages.publish(done, command.service());
        await().until(() -> last(id).path("status").asString().equals("completed"));

        backedUp(id);
        backedUp(id);

        messages.await(DeleteBackup.class, told -> told.backup().equals(command.backup()));
        await().until(() ->
                api.get(DATABASES + "/" + id).json().at("/backups/backups").size() == 2);
        assertThat(messages.all(BackupCompleted.class).stream()
                        .filter(event -> event.backup().equals(command.backup())))
                .hasSize(1);
    }

    @Test
    void backupsBelongToTheirDatabaseAndItsOwner() {
        String id = running("mine");
        String other = running("other");
        JsonNode backup = backedUp(id);

        restore(other, backup).expect(404);
        api.post(DATABASES + "/" + id + "/restore", "{\"backup_id\":\"nonsense\"}")
                .expect(404);
        api.post(DATABASES + "/" + id + "/restore", "{}").expect(400);
        Api eve = as(new UserId(Ids.next()));
        eve.post(DATABASES + "/" + id + "/backup").expect(404);
        eve.post(
                        DATABASES + "/" + id + "/restore",
                        "{\"backup_id\":\"" + backup.path("id").asString() + "\"}")
                .expect(404);

        api.delete(DATABASES + "/" + id).expect(200);
        await().until(() -> jdbc.sql(
                                "select count(*) from database_backup where database_id = :id::uuid and expires_at is not null")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                == 1);
    }

    @Test
    void anEngineThatIsDownIsBackedUpAsItLies() {
        String id = running("fallen");
        put(id, "a", "1");
        world.crash(volume("fallen"));
        awaitStatus(id, "error");

        JsonNode backup = backedUp(id);

        assertThat(jdbc.sql("select canary from database_backup where id = :id::uuid")
                        .param("id", backup.path("id").asString())
                        .query(String.class)
                        .optional())
                .isEmpty();
        restore(id, backup).expect(200);
        messages.await(DatabaseRestored.class, event -> isOf(event.backup(), backup));
        awaitStatus(id, "running");
        assertThat(get(id, "a")).isEqualTo("1");
    }

    @Test
    void aDatabaseThatIsDeletedDuringItsBackupKeepsItForAWhile() {
        String id = running("leaving");
        world.storage(Storage.SILENT);
        api.post(DATABASES + "/" + id + "/backup").expect(201);
        BackUpVolume command =
                messages.await(BackUpVolume.class, told -> told.service().equals(volume("leaving")));

        api.delete(DATABASES + "/" + id).expect(200);
        messages.await(RemoveVolume.class, told -> told.service().equals(command.service()));
        messages.publish(
                new VolumeBackedUp(
                        command.backup(), command.service(), "pve1", "local:backup/z", 1, java.time.Instant.now()),
                command.service());

        await().until(() -> jdbc.sql("""
                        select count(*) from database_backup
                        where id = :id and status = 'COMPLETED' and expires_at is not null and not deletion""")
                        .param("id", command.backup().value())
                        .query(Long.class)
                        .single()
                == 1);
    }

    private String running(String name) {
        String id = create(name, "redis");
        awaitStatus(id, "running");
        return id;
    }

    private JsonNode backedUp(String id) {
        String backup = api.post(DATABASES + "/" + id + "/backup").expect(201).text("/backup_id");
        return await("backup")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> last(id),
                        shown -> shown.path("id").asString().equals(backup)
                                && shown.path("status").asString().equals("completed"));
    }

    private JsonNode last(String id) {
        return api.get(DATABASES + "/" + id).json().at("/backups/backups/0");
    }

    private Api.Answer restore(String id, JsonNode backup) {
        return api.post(
                DATABASES + "/" + id + "/restore",
                "{\"backup_id\":\"" + backup.path("id").asString() + "\"}");
    }

    /** Its next scheduled backup is due now. */
    private void due(String id) {
        await().until(() -> jdbc.sql("update backup_schedule set next_at = now() where database_id = :id::uuid")
                        .param("id", id)
                        .update()
                == 1);
    }

    private void put(String id, String key, String value) {
        try (Jedis jedis = connect(id)) {
            jedis.set(key, value);
        }
    }

    private String get(String id, String key) {
        try (Jedis jedis = connect(id)) {
            return jedis.get(key);
        }
    }

    private static String password(String url) {
        return url.isEmpty() ? "" : url.substring(url.indexOf(':', 8) + 1, url.indexOf('@'));
    }

    private List<ServiceId> volumes(String name) {
        return instancesNamed(name).stream().map(InstanceSpec::service).toList();
    }

    /** Of the newest instance. */
    private ServiceId volume(String name) {
        return Objects.requireNonNull(volumes(name).getLast());
    }

    private long instancesLeft(String id) {
        return jdbc.sql("select count(*) from database_instance where database_id = :id::uuid")
                .param("id", id)
                .query(Long.class)
                .single();
    }

    private static boolean isOf(Object id, JsonNode backup) {
        return id.toString().equals(backup.path("id").asString());
    }
}
