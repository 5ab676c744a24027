package io.containr.simulator;

import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.engine.GuestListener;
import io.containr.simulator.storage.StorageSpec;
import io.containr.simulator.task.Delays;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a simulator is to be. Start from {@link #in(Path)} and change what differs.
 *
 * @param address to bind; loopback by default
 * @param port 0 for any free one
 * @param directory everything durable lies here; one simulator at a time uses it
 * @param tokens fixed API tokens, each with the roles it has by path
 * @param rootPassword of {@code root@pam}; null: no sign-in by password
 * @param engine what guests are made of
 * @param network what is behind {@code vmbr0}
 * @param lockWait how long work waits for a guest that is busy; ten seconds on a real node
 */
public record SimulatorConfig(
        InetAddress address,
        int port,
        Path directory,
        List<NodeSpec> nodes,
        List<StorageSpec> storages,
        List<FixedToken> tokens,
        @Nullable String rootPassword,
        EngineChoice engine,
        BridgeNetwork network,
        Delays delays,
        Duration lockWait,
        Clock clock) {

    private static final long GIBIBYTE = 1L << 30;

    /** A token whose secret is chosen outside. */
    public record FixedToken(ApiToken token, Map<String, List<String>> rolesByPath) {}

    /**
     * @param dockerHost null for what the environment says
     * @param listener where there is one, no engine is used: guests run in name only, and it hears of them
     */
    public record EngineChoice(
            @Nullable URI dockerHost, @Nullable GuestListener listener) {}

    /**
     * @param name null: named after the simulator's instance
     * @param subnet null: a free one is looked for
     * @param firewalled whether the datacenter's firewall is on from the beginning
     */
    public record BridgeNetwork(
            @Nullable String name, @Nullable String subnet, boolean firewalled) {}

    public SimulatorConfig {
        nodes = List.copyOf(nodes);
        storages = List.copyOf(storages);
        tokens = List.copyOf(tokens);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs a node");
        }
    }

    /** Two nodes, {@code local} and {@code local-lvm}, any port on loopback, no delays. */
    public static SimulatorConfig in(Path directory) {
        return new SimulatorConfig(
                InetAddress.getLoopbackAddress(),
                0,
                directory,
                List.of(new NodeSpec("pve1", 16 * GIBIBYTE, 4), new NodeSpec("pve2", 16 * GIBIBYTE, 4)),
                List.of(StorageSpec.directory("local", 200 * GIBIBYTE), StorageSpec.thin("local-lvm", 200 * GIBIBYTE)),
                List.of(),
                null,
                new EngineChoice(null, null),
                new BridgeNetwork(null, null, false),
                Delays.none(),
                Duration.ofSeconds(10),
                Clock.systemUTC());
    }

    public SimulatorConfig listeningOn(InetAddress newAddress, int newPort) {
        return new SimulatorConfig(
                newAddress,
                newPort,
                directory,
                nodes,
                storages,
                tokens,
                rootPassword,
                engine,
                network,
                delays,
                lockWait,
                clock);
    }

    public SimulatorConfig withNodes(List<NodeSpec> newNodes) {
        return new SimulatorConfig(
                address,
                port,
                directory,
                newNodes,
                storages,
                tokens,
                rootPassword,
                engine,
                network,
                delays,
                lockWait,
                clock);
    }

    public SimulatorConfig withStorages(List<StorageSpec> newStorages) {
        return new SimulatorConfig(
                address,
                port,
                directory,
                nodes,
                newStorages,
                tokens,
                rootPassword,
                engine,
                network,
                delays,
                lockWait,
                clock);
    }

    public SimulatorConfig withTokens(List<FixedToken> newTokens) {
        return new SimulatorConfig(
                address,
                port,
                directory,
                nodes,
                storages,
                newTokens,
                rootPassword,
                engine,
                network,
                delays,
                lockWait,
                clock);
    }

    public SimulatorConfig withRootPassword(@Nullable String password) {
        return new SimulatorConfig(
                address, port, directory, nodes, storages, tokens, password, engine, network, delays, lockWait, clock);
    }

    public SimulatorConfig withDockerHost(@Nullable URI host) {
        return withEngine(new EngineChoice(host, null));
    }

    /** Guests in name only, as many as one likes. */
    public SimulatorConfig withoutEngine(GuestListener listener) {
        return withEngine(new EngineChoice(null, listener));
    }

    private SimulatorConfig withEngine(EngineChoice chosen) {
        return new SimulatorConfig(
                address,
                port,
                directory,
                nodes,
                storages,
                tokens,
                rootPassword,
                chosen,
                network,
                delays,
                lockWait,
                clock);
    }

    public SimulatorConfig withNetwork(@Nullable String name, @Nullable String subnet) {
        return withNetwork(new BridgeNetwork(name, subnet, network.firewalled()));
    }

    /** With the datacenter's firewall on, or off as on a new cluster. */
    public SimulatorConfig withFirewall(boolean on) {
        return withNetwork(new BridgeNetwork(network.name(), network.subnet(), on));
    }

    private SimulatorConfig withNetwork(BridgeNetwork chosen) {
        return new SimulatorConfig(
                address,
                port,
                directory,
                nodes,
                storages,
                tokens,
                rootPassword,
                engine,
                chosen,
                delays,
                lockWait,
                clock);
    }

    public SimulatorConfig withDelays(Delays newDelays) {
        return new SimulatorConfig(
                address,
                port,
                directory,
                nodes,
                storages,
                tokens,
                rootPassword,
                engine,
                network,
                newDelays,
                lockWait,
                clock);
    }

    public SimulatorConfig withLockWait(Duration wait) {
        return new SimulatorConfig(
                address, port, directory, nodes, storages, tokens, rootPassword, engine, network, delays, wait, clock);
    }
}
