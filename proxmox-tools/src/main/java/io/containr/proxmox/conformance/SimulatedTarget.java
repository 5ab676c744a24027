package io.containr.proxmox.conformance;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import io.containr.local.LocalRegistry;
import io.containr.proxmox.setup.AgentRights;
import io.containr.proxmox.setup.ClusterSetup;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.util.FileSystemUtils;

/** A simulated cluster with a registry beside it, gone without a trace when it is closed. */
public final class SimulatedTarget implements AutoCloseable {

    private static final String POOL = "containr";
    private static final String NODE = "pve1";

    private final Path home;
    private final LocalRegistry registry;
    private final SimulatorServer simulator;

    private SimulatedTarget(Path home, LocalRegistry registry, SimulatorServer simulator) {
        this.home = home;
        this.registry = registry;
        this.simulator = simulator;
    }

    /** @param delays a backup should take long enough to be met while it runs */
    public static SimulatedTarget start(Delays delays) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("containr-conformance-");
        LocalRegistry registry = LocalRegistry.start(home.resolve("registry"), 0);
        try {
            SimulatorServer simulator = SimulatorServer.start(SimulatorConfig.in(home.resolve("simulator"))
                    .withNodes(List.of(new NodeSpec(NODE, 16L << 30, 4)))
                    .withLockWait(Duration.ofSeconds(2))
                    .withDelays(delays));
            return new SimulatedTarget(home, registry, simulator);
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    public SimulatorServer simulator() {
        return simulator;
    }

    /** Host and port. */
    public String registry() {
        return registry.address();
    }

    /**
     * @param readTimeout how long the client waits for an answer
     * @param taskPatience how long the suite waits for a task
     */
    public Target target(Duration readTimeout, Duration taskPatience) throws Exception {
        String subnet = simulator.network().subnet();
        Endpoint endpoint =
                new Endpoint(simulator.baseUri(), simulator.fingerprint(), null, Duration.ofSeconds(5), readTimeout);
        return new Target(
                endpoint,
                agentToken(endpoint),
                NODE,
                POOL,
                "local",
                "local-lvm",
                "local",
                "local",
                "vmbr0",
                subnet.replaceFirst("\\.\\d+/", ".77/"),
                simulator.network().gateway(),
                registry.address(),
                29_900,
                taskPatience,
                true,
                simulator.faults());
    }

    /** With the rights that a set-up gives, so that whatever passes needs no more. */
    private String agentToken(Endpoint endpoint) throws Exception {
        ApiToken root = simulator.rootToken();
        AgentRights rights =
                new AgentRights(POOL, POOL + "@pve", "agent", Set.of(NODE), Set.of("local", "local-lvm"), "vmbr0");
        Path file = home.resolve("agent.token");
        try (ProxmoxConnection admin =
                ProxmoxConnection.open(endpoint, ProxmoxConnection.token(root.id() + "=" + root.secret()))) {
            new ClusterSetup(admin.transport(), rights).apply(file, false);
        }
        return Files.readString(file).strip();
    }

    @Override
    public void close() {
        try {
            simulator.close(true);
        } finally {
            registry.close();
            FileSystemUtils.deleteRecursively(home.toFile());
        }
    }
}
