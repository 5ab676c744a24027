package io.containr.simulator.engine;

import com.github.dockerjava.api.model.BlkioStatEntry;
import com.github.dockerjava.api.model.CpuStatsConfig;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.StatisticNetworksConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the engine's statistics into ours. Absent figures are zero. */
final class Usage {

    private Usage() {}

    static GuestUsage of(Statistics statistics) {
        Map<String, StatisticNetworksConfig> networks = Objects.requireNonNullElse(statistics.getNetworks(), Map.of());
        List<BlkioStatEntry> blocks = statistics.getBlkioStats() == null
                ? List.of()
                : Objects.requireNonNullElse(statistics.getBlkioStats().getIoServiceBytesRecursive(), List.of());
        return new GuestUsage(
                processor(statistics.getCpuStats(), statistics.getPreCpuStats()),
                memory(statistics.getMemoryStats()),
                networks.values().stream()
                        .mapToLong(net -> zero(net.getRxBytes()))
                        .sum(),
                networks.values().stream()
                        .mapToLong(net -> zero(net.getTxBytes()))
                        .sum(),
                sum(blocks, "read"),
                sum(blocks, "write"));
    }

    private static double processor(@Nullable CpuStatsConfig now, @Nullable CpuStatsConfig before) {
        if (now == null || before == null || now.getCpuUsage() == null || before.getCpuUsage() == null) {
            return 0;
        }
        long used = zero(now.getCpuUsage().getTotalUsage())
                - zero(before.getCpuUsage().getTotalUsage());
        long passed = zero(now.getSystemCpuUsage()) - zero(before.getSystemCpuUsage());
        // What passed is the time of all of the engine's processors.
        long processors = Math.max(1, zero(now.getOnlineCpus()));
        return passed <= 0 || used <= 0 ? 0 : (double) used / passed * processors;
    }

    /** Without the page cache that is next to go. Control groups v1 tell it in two fields, of the group and with those below it. */
    private static long memory(@Nullable MemoryStatsConfig memory) {
        if (memory == null) {
            return 0;
        }
        StatsConfig details = memory.getStats();
        long cache =
                details == null ? 0 : Math.max(zero(details.getInactiveFile()), zero(details.getTotalInactiveFile()));
        long usage = zero(memory.getUsage());
        return cache < usage ? usage - cache : usage;
    }

    private static long sum(List<BlkioStatEntry> blocks, String operation) {
        return blocks.stream()
                .filter(entry -> operation.equalsIgnoreCase(entry.getOp()))
                .mapToLong(entry -> zero(entry.getValue()))
                .sum();
    }

    private static long zero(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}
