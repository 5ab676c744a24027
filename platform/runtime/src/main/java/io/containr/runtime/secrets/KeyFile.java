package io.containr.runtime.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that holds the keys of all secrets, readable by its owner alone. Without it every sealed value is lost: it
 * belongs into a backup, apart from the databases.
 */
public final class KeyFile {

    private static final Logger log = LoggerFactory.getLogger(KeyFile.class);

    private final Path path;

    public KeyFile(Path path) {
        this.path = path;
    }

    /** Makes the file if there is none; of several processes that try, one wins and the others read its file. */
    public void createIfMissing() throws IOException {
        if (Files.exists(path)) {
            return;
        }
        try {
            AeadConfig.register();
            KeysetHandle keys = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            create(keys);
            log.warn("Made a new key file {}: back it up, without it no stored secret can be read", path);
        } catch (FileAlreadyExistsException e) {
            log.debug("Another process made the key file", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make keys", e);
        }
    }

    /** Adds a new key that seals from now on; the old ones go on opening what they sealed. */
    public void rotate() throws IOException {
        try {
            KeysetHandle keys = KeysetHandle.newBuilder(read())
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            Path fresh = writeAside(keys);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot rotate keys", e);
        }
    }

    /**
     * The box that these keys seal and open.
     *
     * @throws IOException if the file is missing or unreadable
     */
    public SecretBox open() throws IOException {
        try {
            return new SecretBox(read().getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw new IOException("no key file: " + path, e);
        }
    }

    private KeysetHandle read() throws IOException, GeneralSecurityException {
        AeadConfig.register();
        return TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(path), InsecureSecretKeyAccess.get());
    }

    private void create(KeysetHandle keys) throws IOException, GeneralSecurityException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path fresh = writeAside(keys);
        try {
            Files.createLink(path, fresh);
        } finally {
            Files.delete(fresh);
        }
    }

    private Path writeAside(KeysetHandle keys) throws IOException, GeneralSecurityException {
        Path fresh = Files.createTempFile(
                path.toAbsolutePath().getParent(),
                "keys",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                fresh,
                TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()),
                StandardOpenOption.SYNC);
        return fresh;
    }
}
