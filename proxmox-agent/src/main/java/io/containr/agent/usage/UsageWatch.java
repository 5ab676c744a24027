package io.containr.agent.usage;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.GuestUsage;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxUsage;
import io.containr.agent.upkeep.Chore;
import io.containr.contracts.agent.InstanceMeasured;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.rows.Rows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Tells now and then what the guests use that have a volume: one question for the whole cluster, one message for each. Rates are between
 * two looks of this process, by the guest's own uptime, so that neither a restart nor a late answer makes one up.
 */
@Component
class UsageWatch implements Chore {

    private static final Logger log = LoggerFactory.getLogger(UsageWatch.class);

    private final JdbcClient jdbc;
    private final ProxmoxUsage proxmox;
    private final Outbox outbox;
    private final TransactionOperations transaction;
    private final Duration interval;
    private final Clock clock;
    private Map<InstanceId, GuestUsage> before = Map.of();

    UsageWatch(
            JdbcClient jdbc,
            ProxmoxUsage proxmox,
            Outbox outbox,
            TransactionOperations transaction,
            AgentProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.proxmox = proxmox;
        this.outbox = outbox;
        this.transaction = transaction;
        this.interval = properties.watch().usage();
        this.clock = clock;
    }

    /** One of the counters that a measurement may have. */
    @FunctionalInterface
    interface Counter {
        @Nullable
        Long of(GuestUsage usage);
    }

    private record Guest(InstanceId instance, ServiceId service, String node, int vmid) {}

    @Override
    public String name() {
        return "usage";
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public synchronized void run() {
        List<Guest> guests = guests();
        Map<InstanceId, GuestUsage> now = guests.isEmpty() ? Map.of() : measured(guests);
        if (!now.isEmpty()) {
            Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            transaction.executeWithoutResult(status -> guests.forEach(guest -> {
                GuestUsage usage = now.get(guest.instance());
                if (usage != null) {
                    outbox.append(measurement(guest, usage, before.get(guest.instance()), at), guest.service());
                }
            }));
        }
        before = now;
    }

    private Map<InstanceId, GuestUsage> measured(List<Guest> guests) {
        Map<Integer, GuestUsage> all;
        try {
            all = proxmox.usage().stream().collect(Collectors.toMap(GuestUsage::vmid, Function.identity()));
        } catch (ProxmoxException e) {
            log.warn("The cluster does not say what its guests use: {}", e.getMessage());
            return Map.of();
        }
        Map<InstanceId, GuestUsage> measured = new HashMap<>();
        for (Guest guest : guests) {
            GuestUsage usage = all.get(guest.vmid());
            if (usage != null && usage.node().equals(guest.node())) {
                measured.put(guest.instance(), usage);
            }
        }
        return measured;
    }

    private static InstanceMeasured measurement(Guest guest, GuestUsage now, @Nullable GuestUsage before, Instant at) {
        return new InstanceMeasured(
                guest.instance(),
                guest.service(),
                at,
                now.cpus(),
                now.memoryBytes(),
                rate(now, before, GuestUsage::networkIn),
                rate(now, before, GuestUsage::networkOut),
                rate(now, before, GuestUsage::diskRead),
                rate(now, before, GuestUsage::diskWritten));
    }

    /** Null where there is nothing to compare with. */
    static @Nullable Double rate(GuestUsage now, @Nullable GuestUsage before, Counter counter) {
        if (before == null || now.uptime().compareTo(before.uptime()) <= 0) {
            return null;
        }
        Long to = counter.of(now);
        Long from = counter.of(before);
        return to == null || from == null || to < from
                ? null
                : (to - from) / (double) now.uptime().minus(before.uptime()).toSeconds();
    }

    private List<Guest> guests() {
        return jdbc.sql("""
                select instance.id, instance.service_id, instance.node, instance.vmid from instance
                join volume on volume.node = instance.node and volume.vmid = instance.vmid
                where instance.phase in ('HEALTHY', 'UNHEALTHY') and instance.desired = 'RUNNING'""")
                .query((row, index) -> new Guest(
                        Rows.id(row, "id", InstanceId::new),
                        Rows.id(row, "service_id", ServiceId::new),
                        row.getString("node"),
                        row.getInt("vmid")))
                .list();
    }
}
