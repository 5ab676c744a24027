package io.containr.simulator.filter;

import io.containr.simulator.program.Programs.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this machine's kernel enforce what guests may send and get. Only packets of the one bridge are looked at. The rules stay when
 * the process ends, as guests do, and the next one takes them over.
 */
public final class PacketFilter implements PacketRules {

    private static final Logger LOG = LoggerFactory.getLogger(PacketFilter.class);
    private static final Path BRIDGED = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    private static final Path DEVICES = Path.of("/sys/class/net");
    private static final String DOCKER = "DOCKER-USER";

    /** Somebody else may have taken our way in out: seen so long afterwards. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final long NEVER = System.nanoTime() - LOOK.toNanos() - 1;

    /** Where the bridge's packets are sent through its chain. */
    private record Jump(String table, String chain, List<String> match) {

        boolean isIn(String present, String target) {
            return present.lines().anyMatch(String.join(" ", arguments("-A", target))::equals);
        }

        String[] arguments(String option, String target) {
            return Stream.of(Stream.of(option, chain), match.stream(), Stream.of("-j", target))
                    .flatMap(part -> part)
                    .toArray(String[]::new);
        }
    }

    private final String device;
    private final Ruleset ruleset;
    private final @Nullable Iptables iptables;
    private final @Nullable FrameFilter frames;
    private final @Nullable String obstacle;
    private Set<String> chains = Set.of();
    private boolean clean;
    private long looked = NEVER;

    private PacketFilter(
            String device, @Nullable Iptables iptables, @Nullable FrameFilter frames, @Nullable String obstacle) {
        this.device = device;
        this.ruleset = new Ruleset(device);
        this.iptables = iptables;
        this.frames = frames;
        this.obstacle = obstacle;
    }

    /** @param device the bridge, as this machine names it */
    public static PacketFilter of(String device) {
        Iptables iptables = Iptables.find().orElse(null);
        String obstacle = obstacle(device, iptables);
        if (obstacle != null) {
            return new PacketFilter(device, null, null, obstacle);
        }
        FrameFilter frames = FrameFilter.of(new Ruleset(device).chain()).orElse(null);
        if (frames == null) {
            LOG.warn("Forged ARP and IPv6 of guests are let through on this machine: ebtables does not work here");
        }
        return new PacketFilter(device, iptables, frames, null);
    }

    private static @Nullable String obstacle(String device, @Nullable Iptables iptables) {
        if (device.isEmpty() || !Files.isDirectory(DEVICES.resolve(device).resolve("brif"))) {
            return "the bridge of the guests' network is not on this machine";
        }
        if (iptables == null) {
            return "there is no iptables";
        }
        Ended listed = iptables.run("raw", "-S", "PREROUTING");
        if (!listed.well()) {
            return "iptables refuses: " + listed.said();
        }
        try {
            if (!Files.exists(BRIDGED) || !Files.readString(BRIDGED).strip().equals("1")) {
                return "packets between guests do not pass iptables; 'modprobe br_netfilter' and"
                        + " 'sysctl net.bridge.bridge-nf-call-iptables=1' let them";
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.ofNullable(obstacle);
    }

    @Override
    public synchronized void apply(List<GuestFilter> guests) {
        Iptables here = iptables;
        if (here == null || (guests.isEmpty() && clean)) {
            return;
        }
        if (guests.isEmpty()) {
            remove();
            return;
        }
        List<Jump> missing = List.of();
        boolean look = System.nanoTime() - looked > LOOK.toNanos();
        if (look) {
            String present = saved(here);
            chains = guestChains(present);
            missing = jumps(present).stream()
                    .filter(jump -> !jump.isIn(present, ruleset.chain()))
                    .toList();
        }
        Set<String> stale = new TreeSet<>(chains);
        ruleset.chains(guests).forEach(stale::remove);
        require(here.restore(ruleset.text(guests, stale)));
        chains = Set.copyOf(ruleset.chains(guests));
        clean = false;
        missing.forEach(jump -> require(here.run(jump.table(), jump.arguments("-I", ruleset.chain()))));
        if (frames != null) {
            frames.apply(guests, look);
        }
        if (look) {
            looked = System.nanoTime();
        }
    }

    private static String saved(Iptables here) {
        Ended saved = here.save();
        require(saved);
        return saved.said();
    }

    private Set<String> guestChains(String present) {
        return present.lines()
                .filter(line -> line.startsWith(":"))
                .map(line -> line.substring(1).split(" ")[0])
                .filter(ruleset::isGuestChain)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The engine lets a guest through at the end of its own chains, so ours come first. */
    private List<Jump> jumps(String present) {
        String forward = present.lines().anyMatch(line -> line.startsWith(":" + DOCKER + " ")) ? DOCKER : "FORWARD";
        return List.of(
                new Jump("raw", "PREROUTING", List.of("-i", device)),
                new Jump("filter", "INPUT", List.of("-i", device)),
                new Jump("filter", "OUTPUT", List.of("-o", device)),
                new Jump("filter", forward, List.of("-i", device)),
                new Jump("filter", forward, List.of("!", "-i", device, "-o", device)));
    }

    @Override
    public synchronized void remove() {
        Iptables here = iptables;
        if (here == null) {
            return;
        }
        String present = saved(here);
        if (present.contains(":" + ruleset.chain() + " ")) {
            for (Jump jump : jumps(present)) {
                if (jump.isIn(present, ruleset.chain())) {
                    require(here.run(jump.table(), jump.arguments("-D", ruleset.chain())));
                }
            }
            require(here.restore(ruleset.farewell(guestChains(present))));
        }
        if (frames != null) {
            frames.remove();
        }
        chains = Set.of();
        clean = true;
        looked = NEVER;
    }

    /** The bridge's port that a process's own interface hangs on; empty where there is none. */
    public static Optional<String> portOf(long pid) {
        Path link = Path.of("/proc/" + pid + "/root/sys/class/net/eth0/iflink");
        try {
            String index = Files.readString(link).strip();
            try (Stream<Path> devices = Files.list(DEVICES)) {
                return devices.filter(candidate -> index.equals(indexOf(candidate)))
                        .map(candidate ->
                                Objects.requireNonNull(candidate.getFileName()).toString())
                        .findFirst();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("The process {} has no interface", pid, e);
            return Optional.empty();
        }
    }

    private static String indexOf(Path candidate) {
        try {
            return Files.readString(candidate.resolve("ifindex")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    static void require(Ended ended) {
        if (!ended.well()) {
            throw new IllegalStateException("the packet filter cannot be set: " + ended.said());
        }
    }
}
