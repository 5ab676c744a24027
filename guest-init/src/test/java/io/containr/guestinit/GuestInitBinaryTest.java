package io.containr.guestinit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestInitBinaryTest {

    @Test
    void theExecutableRunsAndTellsTheVersionOfTheJar(@TempDir Path dir) throws Exception {
        var executable = unpack(dir);
        var process = new ProcessBuilder(executable.toString(), "-version")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes()).strip()).isEqualTo(GuestInitBinary.version());
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(GuestInitBinary.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }

    @Test
    void theDigestIsThatOfTheExecutable(@TempDir Path dir) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(unpack(dir)));
        assertThat(GuestInitBinary.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
    }

    private static Path unpack(Path dir) throws IOException {
        var executable = dir.resolve("guest-init");
        try (var stream = GuestInitBinary.open()) {
            Files.copy(stream, executable);
        }
        return Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
    }
}
