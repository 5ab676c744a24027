package io.containr.simulator;

import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a simulator until the process is told to end. Tokens are written to files in the data directory, never printed. */
@Command(
        name = "proxmox-simulator",
        mixinStandardHelpOptions = true,
        description = "Speaks the Proxmox VE API; its guests are containers of the local Docker engine.")
public final class SimulatorMain implements Callable<Integer> {

    @Option(names = "--data", required = true, description = "directory for everything durable")
    private Path directory = Path.of(".");

    @Option(names = "--address", defaultValue = "127.0.0.1", description = "address to bind (${DEFAULT-VALUE})")
    private InetAddress address = InetAddress.getLoopbackAddress();

    @Option(names = "--port", defaultValue = "8006", description = "port, 0 for any (${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--node", split = ",", defaultValue = "pve1,pve2", description = "nodes (${DEFAULT-VALUE})")
    private List<String> nodes = List.of();

    @Option(
            names = "--node-memory",
            defaultValue = "16",
            description = "memory that each node claims, in GiB (${DEFAULT-VALUE})")
    private int nodeMemory;

    @Option(names = "--docker-host", description = "engine; default: as the environment says")
    private @Nullable URI dockerHost;

    @Option(names = "--network", description = "engine's network behind vmbr0; made where missing")
    private @Nullable String network;

    @Option(names = "--subnet", description = "subnet of that network, such as 10.90.0.0/24; default: a free one")
    private @Nullable String subnet;

    @Option(
            names = "--pool",
            defaultValue = "containr",
            description = "pool to set up with a least-privilege token (${DEFAULT-VALUE})")
    private String pool = "containr";

    @Option(
            names = "--firewall",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "the datacenter's firewall is on from the beginning, and so are those of guests (${DEFAULT-VALUE})")
    private boolean firewall = true;

    @Option(names = "--realistic", description = "take as long as a small real node")
    private boolean realistic;

    public static void main(String[] arguments) {
        // Not named logback.xml: an application that embeds the simulator has its own.
        System.setProperty("logback.configurationFile", "io/containr/simulator/logback-main.xml");
        System.exit(new CommandLine(new SimulatorMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        SimulatorConfig config = SimulatorConfig.in(directory)
                .listeningOn(address, port)
                .withNodes(nodes.stream()
                        .map(name -> new NodeSpec(name, (long) nodeMemory << 30, processors))
                        .toList())
                .withDockerHost(dockerHost)
                .withNetwork(network, subnet)
                .withFirewall(firewall)
                .withDelays(realistic ? Delays.realistic() : Delays.none());
        CountDownLatch ended = new CountDownLatch(1);
        SimulatorServer server = SimulatorServer.start(config);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            server.close();
            ended.countDown();
        }));
        write(pool + ".token", server.setUpPool(pool));
        write("root.token", server.rootToken());
        System.out.println("serving " + server.baseUri() + ", network "
                + server.network().subnet() + ", tokens in " + directory.toAbsolutePath());
        ended.await();
        return 0;
    }

    private void write(String name, ApiToken token) throws IOException {
        Path file = directory.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, token.id() + "=" + token.secret() + "\n");
    }
}
