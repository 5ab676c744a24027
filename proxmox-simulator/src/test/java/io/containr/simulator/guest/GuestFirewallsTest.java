package io.containr.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.simulator.engine.Containers;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.filter.GuestFilter;
import io.containr.simulator.filter.PacketRules;
import io.containr.simulator.guest.Guest.Firewall;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestFirewallsTest {

    private final Set<Integer> running = ConcurrentHashMap.newKeySet();
    private final List<Set<String>> applied = new CopyOnWriteArrayList<>();
    private volatile Runnable afterLook = () -> {};

    /** The engine's answer is from when it was asked, however long it was on its way. */
    private final Containers containers = (Containers) Proxy.newProxyInstance(
            Containers.class.getClassLoader(), new Class<?>[] {Containers.class}, (_, method, _) -> {
                if (method.getName().equals("find")) {
                    return Optional.empty();
                }
                Map<Integer, String> seen =
                        running.stream().collect(Collectors.toUnmodifiableMap(vmid -> vmid, vmid -> "c" + vmid));
                Runnable meanwhile = afterLook;
                afterLook = () -> {};
                meanwhile.run();
                return seen;
            });

    private final PacketRules rules = new PacketRules() {
        @Override
        public Optional<String> obstacle() {
            return Optional.empty();
        }

        @Override
        public void apply(List<GuestFilter> guests) {
            applied.add(guests.stream().map(GuestFilter::address).collect(Collectors.toCollection(TreeSet::new)));
        }

        @Override
        public void remove() {
            applied.add(Set.of());
        }
    };

    @Test
    void aGuestThatStartsWhileALookIsOnItsWayIsNeverWithoutItsFirewall(@TempDir Path directory) throws Exception {
        Guests guests = new Guests(directory, new Faults(), Duration.ofSeconds(1));
        Guest guest = protectedGuest(guests);
        try (GuestFirewalls firewalls = new GuestFirewalls(guests, containers, rules, () -> true)) {
            firewalls.starting(guest);
            Thread start = new Thread(() -> {
                running.add(guest.vmid());
                firewalls.started(guest);
            });
            // The engine has said that it does not run; before that is made use of it does, and its start is over.
            afterLook = () -> {
                start.start();
                await().until(() -> start.getState() == Thread.State.WAITING);
            };
            firewalls.refresh();
            start.join();
        }
        assertThat(applied)
                .hasSizeGreaterThan(2)
                .allSatisfy(addresses -> assertThat(addresses).containsExactly("10.77.0.9"));
    }

    private static Guest protectedGuest(Guests guests) {
        guests.reserve(100, "pve1");
        return guests.update(
                100,
                reserved -> reserved.with("net0", "name=eth0,bridge=vmbr0,firewall=1,ip=10.77.0.9/16,type=veth")
                        .withFirewall(new Firewall(Map.of("enable", "1"), List.of(), Map.of())));
    }
}
