package io.containr.build.engine;

import io.containr.build.BuildProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds BuildKit's steps to a build's limits, which the engine itself does not do: all of them run below one control group,
 * so that group gets the limits, and one build at a time has it. Works where this process may write the control groups of
 * the engine's machine and the engine names them the cgroupfs way; elsewhere a warning says that nothing holds the steps.
 */
final class BuildKitCage {

    private static final Logger log = LoggerFactory.getLogger(BuildKitCage.class);
    private static final String GROUP = "docker/buildkit";
    private static final int CPU_PERIOD_MICROS = 100_000;

    private final Path controlGroups;
    private final boolean local;
    private final BuildProperties.Limits limits;
    private final Semaphore free = new Semaphore(1, true);

    BuildKitCage(Path controlGroups, URI dockerHost, BuildProperties.Limits limits) {
        this.controlGroups = controlGroups;
        this.local = "unix".equals(dockerHost.getScheme());
        this.limits = limits;
    }

    /** Waits until no other build is inside, and sets the limits; closing it puts things back as they were. */
    Inside enter() throws InterruptedException {
        free.acquire();
        Inside inside = new Inside();
        try {
            if (local) {
                inside.limit();
            } else {
                log.warn("The engine is on another machine: nothing limits what BuildKit's steps use");
            }
        } catch (IOException e) {
            log.warn("Nothing limits what BuildKit's steps use: {}", e.toString());
        }
        return inside;
    }

    private Map<Path, String> settings() {
        long memory = limits.memory().toBytes();
        long quota = (long) limits.cpuMillis() * CPU_PERIOD_MICROS / 1000;
        Map<Path, String> settings = new LinkedHashMap<>();
        if (Files.exists(controlGroups.resolve("cgroup.controllers"))) {
            Path group = controlGroups.resolve(GROUP);
            settings.put(group.resolve("memory.max"), Long.toString(memory));
            settings.put(group.resolve("memory.swap.max"), "0");
            settings.put(group.resolve("cpu.max"), quota + " " + CPU_PERIOD_MICROS);
        } else {
            Path memoryGroup = controlGroups.resolve("memory").resolve(GROUP);
            Path cpuGroup = controlGroups.resolve("cpu").resolve(GROUP);
            settings.put(memoryGroup.resolve("memory.limit_in_bytes"), Long.toString(memory));
            settings.put(memoryGroup.resolve("memory.memsw.limit_in_bytes"), Long.toString(memory));
            settings.put(cpuGroup.resolve("cpu.cfs_quota_us"), Long.toString(quota));
        }
        return settings;
    }

    /** Being the one build that BuildKit works for. */
    final class Inside implements AutoCloseable {

        private final Deque<Map.Entry<Path, String>> before = new ArrayDeque<>();

        private void limit() throws IOException {
            for (Map.Entry<Path, String> setting : settings().entrySet()) {
                Path file = setting.getKey();
                Files.createDirectories(file.getParent());
                if (!Files.exists(file) && file.getFileName().toString().contains("sw")) {
                    continue; // The kernel does not count swap.
                }
                String old = Files.readString(file).strip();
                Files.writeString(file, setting.getValue(), StandardCharsets.US_ASCII);
                before.push(Map.entry(file, old));
            }
        }

        @Override
        public void close() {
            try {
                for (Map.Entry<Path, String> setting : before) {
                    Files.writeString(setting.getKey(), setting.getValue(), StandardCharsets.US_ASCII);
                }
            } catch (IOException e) {
                log.warn("BuildKit's control group keeps the limits of a build", e);
            } finally {
                free.release();
            }
        }
    }
}
