package io.containr.database.archive;

import io.containr.database.DatabaseProperties;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.springframework.stereotype.Component;

/** The backup storage as it is seen from this machine, where it is. */
@Component
class ArchiveFiles {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final String UNFINISHED = ".containr-";

    private final Optional<String> template;

    ArchiveFiles(DatabaseProperties properties) {
        this.template = Optional.ofNullable(properties.backups().archives()).filter(text -> !text.isBlank());
    }

    /** Whether archives are seen from here at all. */
    boolean areSeen() {
        return template.isPresent();
    }

    /** Where it lies, or would; empty where its folder is not there, as that of a storage that is not mounted. */
    Optional<Path> file(Archive archive) {
        if (!isName(archive.node()) || !isName(archive.storage()) || !isName(archive.fileName())) {
            return Optional.empty();
        }
        return template.map(
                        text -> Path.of(text.replace("{node}", archive.node()).replace("{storage}", archive.storage()))
                                .toAbsolutePath())
                .filter(Files::isDirectory)
                .map(directory -> directory.resolve(archive.fileName()));
    }

    /** Names come from the hypervisor, and lead nowhere else. */
    private static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Reads all of it. */
    Checked check(Path file) throws IOException {
        Instant modified = modifiedAt(file);
        return new Checked(new DigestUtils(digest()).digestAsHex(file), modified);
    }

    Instant modifiedAt(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What fills a file. */
    @FunctionalInterface
    interface Source {
        void writeTo(Path file) throws IOException;
    }

    /**
     * Puts an archive into its place, all of it or nothing.
     *
     * @throws IOException also where what the source gives is not what was backed up
     */
    Checked place(Path file, String checksum, Source source) throws IOException {
        Path part = Files.createTempFile(
                file.getParent(),
                UNFINISHED,
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        try {
            source.writeTo(part);
            Checked read = check(part);
            if (!read.checksum().equals(checksum)) {
                throw new IOException("the copy is not what was backed up");
            }
            try (FileChannel channel = FileChannel.open(part)) {
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return read;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    static MessageDigest digest() {
        return DigestUtils.getDigest(MessageDigestAlgorithms.SHA_256);
    }
}
