package io.containr.standalone;

import io.containr.local.LocalDocker;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The simulated Proxmox VE of this installation, and the pool in it that the agent may use. */
final class Simulation implements AutoCloseable {

    /** The pool that the agent may use. */
    static final String POOL = "containr";

    private final SimulatorServer server;
    private final Path tokenFile;
    private final String archives;

    private Simulation(SimulatorServer server, Path tokenFile, String archives) {
        this.server = server;
        this.tokenFile = tokenFile;
        this.archives = archives;
    }

    static Simulation start(Home home, Layout layout, LocalDocker docker, boolean realisticDelays) throws IOException {
        Path directory = home.directory("simulator");
        SimulatorServer server = SimulatorServer.start(SimulatorConfig.in(directory)
                .listeningOn(InetAddress.getLoopbackAddress(), layout.port("simulator"))
                .withDockerHost(docker.host())
                .withDelays(realisticDelays ? Delays.realistic() : Delays.none())
                .withNetwork(layout.guestNetwork(), layout.guestCidr())
                .withFirewall(true));
        ApiToken token = server.setUpPool(POOL);
        Path tokenFile = home.directory("secrets").resolve("proxmox.token");
        if (!Files.exists(tokenFile)) {
            Files.createFile(
                    tokenFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(tokenFile, token.id() + "=" + token.secret());
        return new Simulation(server, tokenFile, directory + "/storage/{node}/{storage}/backup");
    }

    URI url() {
        return server.baseUri();
    }

    String fingerprint() {
        return server.fingerprint();
    }

    Path tokenFile() {
        return tokenFile;
    }

    /** Where archives lie, for a node and a storage of it. */
    String archives() {
        return archives;
    }

    /** Stops the API; guests and engine go on. */
    @Override
    public void close() {
        server.close();
    }
}
