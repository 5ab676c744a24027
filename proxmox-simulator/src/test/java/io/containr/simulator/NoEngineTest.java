package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.simulator.engine.GuestListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests in name only, for which there is neither engine nor registry. */
class NoEngineTest {

    @TempDir
    Path directory;

    @Test
    void guestsComeAndGoInNameOnly() {
        Map<Integer, String> running = new ConcurrentHashMap<>();
        GuestListener listener = new GuestListener() {
            @Override
            public void started(int vmid, Map<String, String> environment, @Nullable String address) {
                running.put(vmid, address + " " + environment.get("TOKEN"));
            }

            @Override
            public void ended(int vmid) {
                running.remove(vmid);
            }
        };
        try (SimulatorServer server =
                SimulatorServer.start(SimulatorConfig.in(directory).withoutEngine(listener))) {
            Pve agent = new Pve(server, server.setUpPool("containr"));
            agent.ok(agent.post(
                    "/nodes/pve1/storage/local/oci-registry-pull",
                    "reference",
                    "registry.test/app:1",
                    "filename",
                    "app_1"));
            agent.ok(agent.post(
                    "/nodes/pve1/lxc",
                    "vmid",
                    "300",
                    "ostemplate",
                    "local:vztmpl/app_1.tar",
                    "hostname",
                    "paper",
                    "ostype",
                    "unmanaged",
                    "rootfs",
                    "local-lvm:0.25",
                    "net0",
                    "name=eth0,bridge=vmbr0,firewall=1,ip=127.80.0.9/16,gw="
                            + server.network().gateway(),
                    "pool",
                    "containr"));
            agent.put("/nodes/pve1/lxc/300/config", "env", "TOKEN=secret", "entrypoint", "/init")
                    .data();
            agent.ok(agent.post("/nodes/pve1/lxc/300/status/start"));
            assertThat(running).containsExactly(Map.entry(300, "127.80.0.9 secret"));
            assertThat(agent.status(300)).isEqualTo("running");
            assertThat(agent.get("/nodes/pve1/lxc/300/interfaces").data().toString())
                    .contains("127.80.0.9");

            agent.ok(agent.post("/nodes/pve1/lxc/300/status/shutdown"));
            assertThat(running).isEmpty();
            assertThat(agent.status(300)).isEqualTo("stopped");
            agent.ok(agent.delete("/nodes/pve1/lxc/300?purge=1"));
        }
    }
}
