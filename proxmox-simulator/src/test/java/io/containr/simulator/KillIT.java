package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.simulator.access.ApiToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The program as a process of its own, killed without warning. */
class KillIT {

    private final Lab lab = Lab.open();
    private final Path directory = lab.temporary("killed");

    @Test
    void whatRanRunsOnAndWhatWasHalfMadeIsGone() throws IOException, InterruptedException {
        Path output = directory.resolveSibling("killed.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatorMain.class.getName(),
                        "--data",
                        directory.toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        String token;
        try {
            String line = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> Files.readAllLines(output).stream()
                                    .filter(text -> text.startsWith("serving "))
                                    .findFirst()
                                    .orElse(""),
                            text -> !text.isEmpty());
            String base = line.substring("serving ".length(), line.indexOf(','));
            String pem = Files.readString(directory.resolve("ca.pem"));
            token = Files.readString(directory.resolve("containr.token")).strip();
            Pve agent = new Pve(base, pem, "PVEAPIToken=" + token);
            prepare(
                    agent,
                    new Pve(
                            base,
                            pem,
                            "PVEAPIToken="
                                    + Files.readString(directory.resolve("root.token"))
                                            .strip()));
        } finally {
            process.destroyForcibly().waitFor();
        }
        SimulatorServer next = SimulatorServer.start(SimulatorConfig.in(directory));
        try {
            ApiToken same = next.setUpPool("containr");
            assertThat(same.id() + "=" + same.secret()).isEqualTo(token);
            Pve agent = new Pve(next, same);
            assertThat(agent.status(800)).isEqualTo("running");
            assertThat(agent.get("/nodes/pve1/lxc").data()).hasSize(1);
            assertThat(agent.get("/pools?poolid=containr").data().get(0).get("members"))
                    .hasSize(1);
            var cut = agent.get("/nodes/pve1/tasks?vmid=801").data().get(0);
            assertThat(cut.get("status").asString()).isEqualTo("unexpected status");
        } finally {
            next.close(true);
        }
        assertThat(lab.docker().listContainersCmd().withShowAll(true).exec())
                .noneMatch(container -> List.of(container.getNames())
                        .toString()
                        .contains(next.network().name()));
    }

    /** One guest that runs, another in the middle of being made. */
    private void prepare(Pve agent, Pve root) {
        agent.ok(agent.post("/nodes/pve1/storage/local/oci-registry-pull", "reference", lab.app()));
        String[] form = {
            "ostemplate", Simulated.TEMPLATE, "ostype", "unmanaged", "rootfs", "local-lvm:0.25", "pool", "containr"
        };
        agent.ok(agent.post("/nodes/pve1/lxc?vmid=800", form));
        agent.ok(agent.post("/nodes/pve1/lxc/800/status/start"));
        byte[] hang =
                "{\"kind\":\"task\",\"type\":\"vzcreate\",\"behaviour\":\"hang\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(root.raw("/containr-simulator/faults", "POST", "application/json", hang)
                        .status())
                .isEqualTo(204);
        assertThat(agent.post("/nodes/pve1/lxc?vmid=801", form).status()).isEqualTo(200);
        assertThat(agent.get("/nodes/pve1/lxc/801/config").data().get("lock").asString())
                .isEqualTo("create");
    }
}
