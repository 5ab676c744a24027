package io.containr.database.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.DatabaseProperties;
import io.containr.database.S3Server;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.KeyFile;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies in an S3-compatible store over TLS, whose certificate is of an authority that the JVM was told to trust. */
class CopyStoreIT {

    private static final int LARGE = 20 << 20;

    @TempDir
    static Path home;

    private static Optional<Path> authorities;
    private static S3Server server;
    private static CopyStore store;

    @BeforeAll
    static void startStore() throws Exception {
        TestCertificate certificate = TestCertificate.make(home);
        authorities = Optional.of(Files.writeString(home.resolve("authority.pem"), certificate.certificatePem()));
        try (DirectoryStream<Path> keys = Files.newDirectoryStream(home, "*.p12")) {
            server = S3Server.startWithTls(keys.iterator().next(), "changeit");
        }
        store = new CopyStore(settings(server.endpoint(), server.credentialsFile()), secrets("keys.json"), authorities);
    }

    @AfterAll
    static void stopStore() throws IOException {
        store.destroy();
        server.close();
    }

    @Test
    void aLargeArchiveComesBackAsItWas() throws IOException {
        Path file = random(LARGE);
        Archive archive = archiveOf(file);

        store.put(archive, file);
        Path back = home.resolve("back");
        store.get(archive, back);

        assertThat(back).hasSameBinaryContentAs(file);
        store.delete(archive);
        assertThatThrownBy(() -> store.get(archive, back)).isInstanceOf(IOException.class);
        store.delete(archive);
    }

    @Test
    void whatAProcessThatWasKilledLeftOfAnUploadGoesWithTheNextAttempt() throws IOException {
        Path file = random(1000);
        Archive archive = archiveOf(file);
        String key = "cluster/" + archive.database() + "/" + archive.backup() + "/" + archive.fileName();
        Upload cutOff = new Upload(CopyStore.client(copies(), authorities), S3Server.BUCKET, key, Map.of(), 1000);
        assertThat(cutOff).isNotNull();
        assertThat(unfinished(key)).isEqualTo(1);

        store.put(archive, file);

        assertThat(unfinished(key)).isZero();
        Path back = home.resolve("small");
        store.get(archive, back);
        assertThat(back).hasSameBinaryContentAs(file);
    }

    @Test
    void anArchiveThatChangedSinceItsChecksumWasTakenIsNotCopied() throws IOException {
        Path file = random(1000);
        Archive archive = archiveOf(file);
        Files.write(file, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> store.put(archive, file)).hasMessageContaining("has changed");

        assertThatThrownBy(() -> store.get(archive, home.resolve("none"))).isInstanceOf(IOException.class);
    }

    @Test
    void onlyTheInstallationsKeyFileOpensACopy() throws IOException {
        Path file = random(1000);
        Archive archive = archiveOf(file);
        store.put(archive, file);
        CopyStore other = new CopyStore(
                settings(server.endpoint(), server.credentialsFile()), secrets("others.json"), authorities);

        assertThatThrownBy(() -> other.get(archive, home.resolve("stolen"))).hasMessageContaining("decrypted");

        other.destroy();
    }

    @Test
    void aStoreThatKnowsTheUserNotSaysSo() throws IOException {
        Path wrong = Files.writeString(home.resolve("wrong"), """
                [default]
                aws_access_key_id = somebody
                aws_secret_access_key = nothing
                """);
        CopyStore stranger = new CopyStore(settings(server.endpoint(), wrong), secrets("keys.json"), authorities);
        Path file = random(1000);

        assertThatThrownBy(() -> stranger.put(archiveOf(file), file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("403");

        stranger.destroy();
    }

    @Test
    void aStoreOfAnUnknownAuthorityGetsNothing() throws IOException {
        CopyStore trusting = new CopyStore(
                settings(server.endpoint(), server.credentialsFile()), secrets("keys.json"), Optional.empty());
        Path file = random(1000);

        assertThatThrownBy(() -> trusting.put(archiveOf(file), file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("certificat");

        trusting.destroy();
    }

    @Test
    void settingsThatCannotWorkEndTheStart() throws IOException {
        SecretBox secrets = secrets("keys.json");
        assertThatThrownBy(
                        () -> new CopyStore(settings(server.endpoint(), home.resolve("absent")), secrets, authorities))
                .hasMessageContaining("credentials-file");
        DatabaseProperties.Backups whole = settings(server.endpoint(), server.credentialsFile());
        assertThatThrownBy(() -> new CopyStore(backups(null, whole.copies()), secrets, authorities))
                .hasMessageContaining("containr.database.backups.archives");
    }

    private static long unfinished(String key) {
        return CopyStore.client(copies(), authorities)
                .listMultipartUploads(request -> request.bucket(S3Server.BUCKET).prefix(key))
                .uploads()
                .size();
    }

    private static DatabaseProperties.Copies copies() {
        return settings(server.endpoint(), server.credentialsFile()).copies();
    }

    private static DatabaseProperties.Backups settings(URI endpoint, Path credentials) {
        return backups(
                "/mnt/{storage}",
                new DatabaseProperties.Copies(endpoint, "us-east-1", S3Server.BUCKET, "cluster/", credentials, true));
    }

    private static DatabaseProperties.Backups backups(String archives, DatabaseProperties.Copies copies) {
        return new DatabaseProperties.Backups(
                true,
                "0 3 * * *",
                Duration.ZERO,
                7,
                true,
                Duration.ofDays(7),
                Duration.ofHours(6),
                Duration.ofSeconds(30),
                archives,
                Duration.ofMinutes(1),
                copies);
    }

    private static SecretBox secrets(String name) throws IOException {
        KeyFile keys = new KeyFile(home.resolve(name));
        keys.createIfMissing();
        return keys.open();
    }

    private static Path random(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(Files.createTempFile(home, "archive", ".tar.zst"), bytes);
    }

    private static Archive archiveOf(Path file) throws IOException {
        return new Archive(
                new BackupId(Ids.next()),
                new DatabaseId(Ids.next()),
                "pve1",
                "backup:backup/" + file.getFileName(),
                new DigestUtils("SHA-256").digestAsHex(file),
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                false);
    }
}
