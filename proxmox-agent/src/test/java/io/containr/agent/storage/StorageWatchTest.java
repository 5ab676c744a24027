package io.containr.agent.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.proxmox.FakeCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StorageWatchTest {

    private final FakeCluster cluster = new FakeCluster(0);
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final StorageWatch watch = new StorageWatch(cluster, Set.of("local"), Duration.ofMinutes(1), metrics);

    @Test
    void measuresTheStoragesInUseAlone() {
        cluster.fillStorages(40);
        watch.run();
        cluster.fillStorages(50);
        watch.run();
        MeterRegistry others = new SimpleMeterRegistry();
        new StorageWatch(cluster, Set.of("other"), Duration.ofMinutes(1), others).run();

        assertThat(metrics.get("containr.storage.used")
                        .tags("node", "n1", "storage", "local")
                        .gauge()
                        .value())
                .isEqualTo(50.0 * (1L << 30));
        assertThat(metrics.get("containr.storage.size")
                        .tags("node", "n1", "storage", "local")
                        .gauge()
                        .value())
                .isEqualTo(100.0 * (1L << 30));
        assertThat(others.getMeters()).isEmpty();
    }

    @Test
    void tellsOnceAtEachMarkAndWhenThereIsRoomAgain(CapturedOutput output) {
        for (int percent : new int[] {80, 85, 90, 94, 95, 96, 94, 92, 91, 84, 82, 81, 50, 86}) {
            cluster.fillStorages(percent);
            watch.run();
        }

        assertThat(output.getAll().lines().filter(line -> line.contains("Storage local of node n1")))
                .extracting(line -> line.replaceFirst(".*Storage local of node n1 is ", ""))
                .containsExactly(
                        "85 % full; it needs room",
                        "95 % full; guests, images or backups will soon fail for it",
                        "91 % full, no longer 95 %",
                        "81 % full, no longer 85 %",
                        "86 % full; it needs room");
    }
}
