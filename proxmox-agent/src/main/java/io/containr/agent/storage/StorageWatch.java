package io.containr.agent.storage;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.StorageSpace;
import io.containr.agent.upkeep.Chore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Tells how full the storages are that the agent uses, as metrics, and in the log when one gets full, before a task fails for it. Once at
 * each mark, and again when there is room.
 */
@Component
class StorageWatch implements Chore {

    private static final Logger log = LoggerFactory.getLogger(StorageWatch.class);
    private static final int GETTING_FULL = 85;
    private static final int FULL = 95;

    /** How far below its mark a storage must fall to have room again. */
    private static final int SLACK = 3;

    private enum Mark {
        ROOM,
        GETTING_FULL,
        FULL
    }

    private final Proxmox proxmox;
    private final Set<String> used;
    private final Duration interval;
    private final MultiGauge usedBytes;
    private final MultiGauge totalBytes;
    private final Map<String, Mark> told = new HashMap<>();

    @Autowired
    StorageWatch(Proxmox proxmox, AgentProperties properties, MeterRegistry metrics) {
        this(
                proxmox,
                Stream.of(
                                properties.guests().templateStorage(),
                                properties.guests().rootStorage(),
                                properties.guests().backupStorage())
                        .collect(Collectors.toUnmodifiableSet()),
                properties.watch().cleanupInterval(),
                metrics);
    }

    StorageWatch(Proxmox proxmox, Set<String> used, Duration interval, MeterRegistry metrics) {
        this.proxmox = proxmox;
        this.used = used;
        this.interval = interval;
        this.usedBytes = MultiGauge.builder("containr.storage.used")
                .baseUnit("bytes")
                .description("in use on a storage of the cluster")
                .register(metrics);
        this.totalBytes = MultiGauge.builder("containr.storage.size")
                .baseUnit("bytes")
                .description("of a storage of the cluster")
                .register(metrics);
    }

    @Override
    public String name() {
        return "storages";
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public void run() {
        List<StorageSpace> spaces = proxmox.storages().stream()
                .filter(space -> used.contains(space.storage()))
                .toList();
        usedBytes.register(rows(spaces, StorageSpace::usedBytes), true);
        totalBytes.register(rows(spaces, StorageSpace::totalBytes), true);
        spaces.forEach(this::tell);
    }

    private static List<MultiGauge.Row<?>> rows(List<StorageSpace> spaces, ToLongFunction<StorageSpace> value) {
        return spaces.stream()
                .<MultiGauge.Row<?>>map(space -> MultiGauge.Row.of(
                        Tags.of("node", space.node(), "storage", space.storage()), value.applyAsLong(space)))
                .toList();
    }

    private void tell(StorageSpace space) {
        String name = space.storage() + " of node " + space.node();
        Mark before = told.getOrDefault(name, Mark.ROOM);
        Mark now = mark(space.percent(), before);
        told.put(name, now);
        if (now.compareTo(before) > 0) {
            log.warn(
                    "Storage {} is {} % full; {}",
                    name,
                    space.percent(),
                    now == Mark.FULL ? "guests, images or backups will soon fail for it" : "it needs room");
        } else if (now.compareTo(before) < 0) {
            log.info("Storage {} is {} % full, no longer {} %", name, space.percent(), threshold(before));
        }
    }

    private static Mark mark(int percent, Mark before) {
        Mark mark = Mark.ROOM;
        for (Mark each : List.of(Mark.GETTING_FULL, Mark.FULL)) {
            int slack = before.compareTo(each) >= 0 ? SLACK : 0;
            if (percent >= threshold(each) - slack) {
                mark = each;
            }
        }
        return mark;
    }

    private static int threshold(Mark mark) {
        return mark == Mark.FULL ? FULL : GETTING_FULL;
    }
}
