package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import io.containr.contracts.ids.BackupId;
import io.containr.database.World.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** Archives that are damaged, lost and brought back, with an S3-compatible store of copies. */
class ArchivesIT extends DatabaseServiceTest {

    private static S3Server store;

    @DynamicPropertySource
    static void copies(DynamicPropertyRegistry settings) throws IOException {
        store = S3Server.start();
        String copies = "containr.database.backups.copies.";
        settings.add(copies + "endpoint", () -> store.endpoint().toString());
        settings.add(copies + "bucket", () -> S3Server.BUCKET);
        settings.add(copies + "prefix", () -> "cluster-1/");
        settings.add(copies + "credentials-file", () -> store.credentialsFile().toString());
    }

    @AfterAll
    static void closeStore() throws IOException {
        store.close();
    }

    @BeforeEach
    void storageIsFine() {
        world.storage(Storage.FINE);
    }

    @Test
    void aBackupHasTheChecksumOfItsArchiveAndACopyThatNobodyElseCanRead() throws IOException {
        String id = holding("orders", "a-word-that-is-nowhere-else");

        JsonNode backup = copied(id);

        byte[] archive = Files.readAllBytes(archive(backup));
        assertThat(backup.path("checksum").asString()).isEqualTo("sha256:" + DigestUtils.sha256Hex(archive));
        assertThat(text(archive)).contains("a-word-that-is-nowhere-else");
        Path copy = copyOf(backup);
        assertThat(copy).asString().startsWith("cluster-1/" + id + "/").endsWith(".tar");
        assertThat(text(store.read(copy))).doesNotContain("a-word-that-is-nowhere-else");
        assertThat(store.read(copy).length).isGreaterThan(archive.length);
    }

    @Test
    void aDamagedArchiveIsBroughtBackFromItsCopy() throws IOException {
        String id = holding("damaged", "1");
        JsonNode backup = copied(id);
        byte[] whole = Files.readAllBytes(archive(backup));
        put(id, "2");
        damage(archive(backup));

        restore(id, backup);

        awaitRestored(id, backup);
        assertThat(Files.readAllBytes(archive(backup))).isEqualTo(whole);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void anArchiveThatIsGoneIsBroughtBackFromItsCopy() throws IOException {
        String id = holding("gone", "1");
        JsonNode backup = copied(id);
        put(id, "2");
        Files.delete(archive(backup));

        restore(id, backup);

        awaitRestored(id, backup);
    }

    @Test
    void aRestoreWaitsForAStoreThatIsAway() throws IOException {
        String id = holding("patient", "1");
        JsonNode backup = copied(id);
        put(id, "2");
        Files.delete(archive(backup));
        store.stop();

        restore(id, backup);
        awaitAnotherTry();
        assertThat(messages.all(RestoreVolume.class)).noneMatch(command -> isOf(command.backup(), backup));
        assertThat(api.get(DATABASES + "/" + id).text("/status")).isEqualTo("running");
        assertThat(get(id)).isEqualTo("2");
        store.startAgain();

        awaitRestored(id, backup);
    }

    @Test
    void aCopyThatTheStoreDidNotTakeIsMadeLater() throws IOException {
        String id = holding("later", "1");
        store.stop();
        JsonNode failed = backedUp(id, "archive_failure");
        assertThat(failed.path("archive_failure").asString()).isEqualTo("The archive cannot be copied");
        assertThat(failed.path("status").asString()).isEqualTo("completed");
        assertThat(failed.has("checksum")).isTrue();
        store.startAgain();

        JsonNode backup = awaitLast(id, "copied_at");

        assertThat(backup.has("archive_failure")).isFalse();
        assertThat(copyOf(backup)).isNotNull();
    }

    @Test
    void aDamagedCopyIsNoCopyAndTheDatabaseStaysAsItIs() throws IOException {
        String id = holding("torn", "1");
        JsonNode backup = copied(id);
        put(id, "2");
        byte[] copy = store.read(copyOf(backup));
        copy[copy.length / 2] ^= 1;
        store.write(copyOf(backup), copy);
        Files.delete(archive(backup));

        restore(id, backup);
        awaitAnotherTry();
        assertThat(messages.all(RestoreVolume.class)).noneMatch(command -> isOf(command.backup(), backup));
        assertThat(Files.exists(archive(backup))).isFalse();
        assertThat(leftovers()).isEmpty();
        jdbc.sql("update restore_order set ordered_at = now() - interval '1 hour'")
                .update();
        jdbc.sql("update work set due_at = now() where queue = 'restores'").update();

        DatabaseRestoreFailed told = messages.await(DatabaseRestoreFailed.class, event -> isOf(event.backup(), backup));
        assertThat(told.failure().code()).isEqualTo("ARCHIVE_DAMAGED");
        awaitStatus(id, "running");
        assertThat(get(id)).isEqualTo("2");
    }

    @Test
    void aDamagedArchiveWithoutACopyIsRefusedBeforeANodeReadsIt() throws IOException {
        String id = holding("lonely", "1");
        JsonNode backup = copied(id);
        FileTime written = Files.getLastModifiedTime(archive(backup));
        damage(archive(backup));
        Files.setLastModifiedTime(archive(backup), written);
        // As a disk does it that says nothing, and a day after it was last read. From now on it is tried again and
        // again, and fails, since the archive is another one by now.
        jdbc.sql(
                        "update backup_archive set copied_at = null, checked_at = now() - interval '25 hours' where backup_id = :id::uuid")
                .param("id", backup.path("id").asString())
                .update();

        restore(id, backup);

        DatabaseRestoreFailed told = messages.await(DatabaseRestoreFailed.class, event -> isOf(event.backup(), backup));
        assertThat(told.failure().code()).isEqualTo("ARCHIVE_DAMAGED");
        assertThat(messages.all(RestoreVolume.class)).noneMatch(command -> isOf(command.backup(), backup));
        assertThat(api.get(DATABASES + "/" + id)
                        .json()
                        .at("/last_restore/error_code")
                        .asString())
                .isEqualTo("ARCHIVE_DAMAGED");
        assertThat(get(id)).isEqualTo("1");
    }

    @Test
    void aCopyGoesAfterItsArchive() throws IOException {
        String id = holding("kept", "1");
        JsonNode first = copied(id);
        Path copy = copyOf(first);

        copied(id);
        copied(id);

        messages.await(DeleteBackup.class, told -> isOf(told.backup(), first));
        await("the copy is gone").until(() -> !store.objects().contains(copy));
        await("and the row")
                .until(() -> jdbc.sql("select count(*) from backup_archive where backup_id = :id::uuid")
                                .param("id", first.path("id").asString())
                                .query(Long.class)
                                .single()
                        == 0);
    }

    private String holding(String name, String value) {
        String id = create(name, "redis");
        awaitStatus(id, "running");
        put(id, value);
        return id;
    }

    private JsonNode copied(String id) {
        return backedUp(id, "copied_at");
    }

    private JsonNode backedUp(String id, String field) {
        String backup = api.post(DATABASES + "/" + id + "/backup").expect(201).text("/backup_id");
        JsonNode shown = awaitLast(id, field);
        assertThat(shown.path("id").asString()).isEqualTo(backup);
        return shown;
    }

    private JsonNode awaitLast(String id, String field) {
        return await(field)
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.get(DATABASES + "/" + id).json().at("/backups/backups/0"), shown -> shown.has(field));
    }

    private void awaitAnotherTry() {
        await("it was tried")
                .atMost(Duration.ofSeconds(60))
                .until(() -> jdbc.sql(
                                "select due_at > now() from work where queue = 'restores' and lease_owner is null")
                        .query(Boolean.class)
                        .optional()
                        .orElse(false));
    }

    private void restore(String id, JsonNode backup) {
        api.post(
                        DATABASES + "/" + id + "/restore",
                        "{\"backup_id\":\"" + backup.path("id").asString() + "\"}")
                .expect(200);
    }

    /** With what it held when it was backed up. */
    private void awaitRestored(String id, JsonNode backup) {
        messages.await(DatabaseRestored.class, event -> isOf(event.backup(), backup));
        awaitStatus(id, "running");
        assertThat(get(id)).isEqualTo("1");
    }

    private Path archive(JsonNode backup) {
        return world.archive(BackupId.of(backup.path("id").asString()));
    }

    private Path copyOf(JsonNode backup) throws IOException {
        return store.objects().stream()
                .filter(object -> object.toString().contains(backup.path("id").asString()))
                .findFirst()
                .orElseThrow();
    }

    /** In its middle, as a disk does it that loses a block, and with another time of modification. */
    private static void damage(Path archive) throws IOException {
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.write(archive, bytes);
        Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(5)));
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(world.archives())) {
            return files.filter(file -> file.toString().endsWith(".part")).toList();
        }
    }

    private void put(String id, String value) {
        try (Jedis jedis = connect(id)) {
            jedis.set("key", value);
        }
    }

    private String get(String id) {
        try (Jedis jedis = connect(id)) {
            return jedis.get("key");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static boolean isOf(Object id, JsonNode backup) {
        return id.toString().equals(backup.path("id").asString());
    }
}
