package io.containr.simulator;

import io.containr.simulator.engine.Bridge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A simulator for one test class, with a guest ready to be made. Everything it made in the engine goes with it. */
final class Simulated implements BeforeAllCallback, AfterAllCallback {

    static final String TEMPLATE = "local:vztmpl/app_1.tar";

    private final Lab lab = Lab.open();
    private final Path directory = lab.temporary("data");
    private final AtomicInteger addresses = new AtomicInteger(9);
    private SimulatorServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = SimulatorServer.start(config());
        agent().ok(agent().post("/nodes/pve1/storage/local/oci-registry-pull", "reference", lab.app()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close(true);
    }

    SimulatorConfig config() {
        return SimulatorConfig.in(directory).withLockWait(Duration.ofSeconds(2)).withRootPassword("secret-of-root");
    }

    /** Ends this simulator and starts another in its place. */
    void restart() {
        server.close();
        server = SimulatorServer.start(config());
    }

    SimulatorServer server() {
        return server;
    }

    /** Where the simulator keeps everything. */
    Path directory() {
        return directory;
    }

    Lab lab() {
        return lab;
    }

    /** With the least privileges. */
    Pve agent() {
        return new Pve(server, server.setUpPool("containr"));
    }

    Pve root() {
        return new Pve(server, server.rootToken());
    }

    String freeAddress() {
        Bridge bridge = server.network();
        return bridge.subnet().replaceFirst("\\.\\d+/\\d+$", "." + addresses.incrementAndGet());
    }

    String net0(String address) {
        return "name=eth0,bridge=vmbr0,ip=" + address + "/24,gw="
                + server.network().gateway();
    }

    /** A new guest, not started. */
    String create(int vmid) {
        String address = freeAddress();
        Pve agent = agent();
        agent.ok(agent.post(
                "/nodes/pve1/lxc",
                "vmid",
                "" + vmid,
                "ostemplate",
                TEMPLATE,
                "hostname",
                "guest" + vmid,
                "ostype",
                "unmanaged",
                "memory",
                "64",
                "swap",
                "0",
                "cores",
                "1",
                "rootfs",
                "local-lvm:0.25",
                "net0",
                net0(address),
                "pool",
                "containr"));
        return address;
    }

    String createAndStart(int vmid) {
        String address = create(vmid);
        agent().ok(agent().post("/nodes/pve1/lxc/" + vmid + "/status/start"));
        return address;
    }

    /** What the guest's web server says, once it does. */
    static String fetch(String address, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":8080" + path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(
                            () -> client.send(request, HttpResponse.BodyHandlers.ofString()),
                            answer -> answer.statusCode() == 200)
                    .body();
        }
    }
}
