package io.containr.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupArchiveTest {

    @TempDir
    Path temporary;

    @TempDir
    Path volume;

    /** A tar outlives the simulator that began it, and would write into a volume that another guest gets. */
    @Test
    void whatAnEarlierLifeLeftIsEndedAndItsVolumesStay() throws Exception {
        Path stage = Files.createDirectory(temporary.resolve("backup123"));
        Files.writeString(stage.resolve("rootfs.tar"), "half");
        Path kept = Files.writeString(volume.resolve("table"), "rows");
        Files.createSymbolicLink(stage.resolve("mp0"), volume);
        Path other = Files.createDirectory(temporary.resolve("upload"));
        Path never = temporary.resolve("never");
        assertThat(new ProcessBuilder("mkfifo", never.toString()).start().waitFor())
                .isZero();
        Process tar = new ProcessBuilder("tar", "--extract", "--file=" + never, "--directory=" + stage, "mp0").start();
        try {
            BackupArchive.endLeftovers(temporary);

            assertThat(tar.isAlive()).isFalse();
        } finally {
            tar.destroyForcibly();
        }
        assertThat(stage).doesNotExist();
        assertThat(kept).hasContent("rows");
        assertThat(other).exists();
    }
}
