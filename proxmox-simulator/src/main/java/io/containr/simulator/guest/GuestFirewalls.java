package io.containr.simulator.guest;

import io.containr.simulator.api.Call;
import io.containr.simulator.engine.Containers;
import io.containr.simulator.engine.GuestState;
import io.containr.simulator.filter.GuestFilter;
import io.containr.simulator.filter.PacketFilter;
import io.containr.simulator.filter.PacketRules;
import io.containr.simulator.filter.Verdict;
import io.containr.simulator.guest.Guest.Firewall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this machine's packet filter at what the firewalls of running guests say, under the conditions of a real node: the datacenter's
 * firewall is on, the guest's is, and its network device asks for it. Looks at all of it anew whenever something changed, and now and then.
 */
public final class GuestFirewalls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GuestFirewalls.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Guests guests;
    private final Containers containers;
    private final PacketRules filter;
    private final BooleanSupplier datacenter;
    private final Set<Integer> starting = ConcurrentHashMap.newKeySet();
    /** What guests hang on; another start gets another port. */
    private final Map<Integer, String> ports = new ConcurrentHashMap<>();

    /** Whose rules the packet filter has; null before they were first written. */
    private volatile @Nullable Set<Integer> applied;

    private final AtomicLong asked = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private long done;
    private boolean said;

    GuestFirewalls(Guests guests, Containers containers, PacketRules filter, BooleanSupplier datacenter) {
        this.guests = guests;
        this.containers = containers;
        this.filter = filter;
        this.datacenter = datacenter;
        this.thread = Thread.ofVirtual().name("simulator-firewalls").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                try {
                    refresh();
                } catch (RuntimeException e) {
                    LOG.warn("The firewalls of guests are not as they should be", e);
                }
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    /** Before a guest starts: from now on its address is filtered. */
    void starting(Guest guest) {
        ports.remove(guest.vmid());
        if (filtered(guest)) {
            starting.add(guest.vmid());
            refresh();
        }
    }

    /** A guest has started, or has not. */
    void started(Guest guest) {
        if (starting.remove(guest.vmid())) {
            refresh();
        }
    }

    void changed(Guest guest) {
        int vmid = guest.vmid();
        new FirewallRules(guest.firewall())
                .unknown()
                .forEach(rule -> LOG.warn("Guest {}: the simulator does not enforce the rule {}", vmid, rule));
        if (starting.contains(vmid) || (mayMatter(guest) && runs(vmid))) {
            refresh();
        }
    }

    /** Most changes are made to a new guest whose firewall is not on yet. */
    private boolean mayMatter(Guest guest) {
        Set<Integer> known = applied;
        return known == null || known.contains(guest.vmid()) || filtered(guest);
    }

    private boolean runs(int vmid) {
        return containers.find(vmid).filter(GuestState::running).isPresent();
    }

    /** A guest was destroyed. */
    void gone(Guest guest) {
        if (filtered(guest)) {
            refresh();
        }
    }

    /** Returns when the packet filter is as it should have been when this was called. */
    public void refresh() {
        long wanted = asked.incrementAndGet();
        lock.lock();
        try {
            if (done < wanted) {
                long upTo = asked.get();
                apply();
                done = upTo;
            }
        } finally {
            lock.unlock();
        }
    }

    private void apply() {
        Optional<String> obstacle = filter.obstacle();
        if (obstacle.isPresent()) {
            complain(obstacle.get());
            return;
        }
        // In this order: one whose start ends meanwhile is in the one or in the other, never in neither.
        Set<Integer> begun = Set.copyOf(starting);
        Set<Integer> running = containers.running().keySet();
        ports.keySet().retainAll(running);
        List<GuestFilter> filters = new ArrayList<>();
        Set<Integer> filtered = new HashSet<>();
        for (Guest guest : guests.all()) {
            boolean there = running.contains(guest.vmid());
            if ((there || begun.contains(guest.vmid())) && filtered(guest)) {
                filters.add(filter(guest, there ? port(guest.vmid()) : null));
                filtered.add(guest.vmid());
            }
        }
        applied = Set.copyOf(filtered);
        filter.apply(filters);
    }

    private void complain(String obstacle) {
        if (!said && guests.all().stream().anyMatch(this::filtered)) {
            said = true;
            LOG.warn("Firewalls of guests are kept, but NOT ENFORCED on this machine: {}", obstacle);
        }
    }

    private @Nullable String port(int vmid) {
        return ports.computeIfAbsent(
                vmid,
                _ -> containers
                        .find(vmid)
                        .filter(GuestState::running)
                        .flatMap(state -> PacketFilter.portOf(state.pid()))
                        .orElse(null));
    }

    private boolean filtered(Guest guest) {
        return datacenter.getAsBoolean()
                && isOn(guest.firewall(), "enable")
                && guest.network()
                        .filter(device -> "1".equals(device.fields().get("firewall")) && device.address() != null)
                        .isPresent();
    }

    private static boolean isOn(Firewall firewall, String option) {
        String value = firewall.options().get(option);
        return value != null && Call.isTrue(value);
    }

    private static GuestFilter filter(Guest guest, @Nullable String port) {
        Firewall firewall = guest.firewall();
        FirewallRules rules = new FirewallRules(firewall);
        Map<String, String> options = firewall.options();
        NetworkDevice device = guest.network().orElseThrow();
        boolean ownMac = !"0".equals(options.get("macfilter"));
        return new GuestFilter(
                Objects.requireNonNull(device.address()),
                port,
                ownMac ? device.fields().get("hwaddr") : null,
                isOn(firewall, "ipfilter"),
                Verdict.of(options.get("policy_in"), Verdict.DROP),
                rules.of("in"),
                Verdict.of(options.get("policy_out"), Verdict.ACCEPT),
                rules.of("out"));
    }

    /** Takes everything out of the packet filter, for good. */
    public void remove() {
        close();
        filter.remove();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
