package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bridge behind the nodes, also where an engine that ended without removing its own left one. */
class BridgeIT {

    private final int third = ThreadLocalRandom.current().nextInt(256);
    private final String subnet = "10.127." + third + ".0/24";
    private final String gateway = "10.127." + third + ".1";

    @TempDir
    Path directory;

    @Test
    void bridgeThatAnEngineLeftBehindIsTakenOver() throws Exception {
        String bridge;
        try (SimulatorServer first = start("first")) {
            bridge = interfacesWith(gateway).getFirst();
            first.close(true);
        }
        assertThat(interfacesWith(gateway))
                .as("a network that is removed takes its bridge along")
                .isEmpty();
        ip("link", "add", bridge, "type", "bridge");
        try {
            ip("address", "add", gateway + "/24", "dev", bridge);
            ip("link", "set", bridge, "up");

            try (SimulatorServer second = start("second")) {
                assertThat(interfacesWith(gateway))
                        .as("two bridges with one route would make guests unreachable")
                        .containsExactly(bridge);
                second.close(true);
            }
        } finally {
            if (!interfacesWith(gateway).isEmpty()) {
                ip("link", "delete", bridge);
            }
        }
    }

    private SimulatorServer start(String name) {
        return SimulatorServer.start(SimulatorConfig.in(directory.resolve(name))
                .withNetwork("containr-bridge-" + third + "-" + name, subnet));
    }

    private static List<String> interfacesWith(String address) throws IOException {
        InetAddress wanted = InetAddress.getByName(address);
        return NetworkInterface.networkInterfaces()
                .filter(candidate -> candidate.inetAddresses().anyMatch(wanted::equals))
                .map(NetworkInterface::getName)
                .toList();
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "/sbin/ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }
}
