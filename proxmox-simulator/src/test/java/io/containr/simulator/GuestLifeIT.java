package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The path of every deployment: template, guest, configuration, start, status, stop, removal. */
class GuestLifeIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    private final Pve agent = simulated.agent();

    @Test
    void aGuestRunsItsImageAtItsAddressWithExactlyItsEnvironment() {
        String address = simulated.create(200);
        JsonNode config = agent.get("/nodes/pve1/lxc/200/config").data();
        assertThat(config.get("entrypoint").asString()).isEqualTo("/app/start.sh --flag 'two words'");
        assertThat(config.get("env").asString()).isEqualTo("PATH=/bin\0GREETING=hello from the image\0PORT=8080");
        assertThat(config.get("cmode").asString()).isEqualTo("console");
        assertThat(config.get("net0").asString()).contains("host-managed=1").contains("hwaddr=BC:24:11:");
        assertThat(config.get("rootfs").asString()).isEqualTo("local-lvm:vm-200-disk-0,size=256M");
        assertThat(config.get("memory").isInt()).isTrue();
        assertThat(config.get("lxc").toString())
                .isEqualTo("[[\"lxc.init.cwd\",\"/www\"],[\"lxc.signal.halt\",\"SIGTERM\"]]");

        assertThat(agent.put(
                                "/nodes/pve1/lxc/200/config",
                                "env",
                                "PATH=/bin\0PORT=8080\0TEXT=a b=c",
                                "entrypoint",
                                "/app/start.sh \"it's\" here",
                                "tags",
                                "web;containr")
                        .data()
                        .isNull())
                .isTrue();
        agent.ok(agent.post("/nodes/pve1/lxc/200/status/start"));

        assertThat(Simulated.fetch(address, "/env").lines().filter(line -> !line.startsWith("SHLVL=")))
                .containsExactlyInAnyOrder(
                        "PATH=/bin", "PORT=8080", "TEXT=a b=c", "TERM=linux", "container=lxc", "PWD=/www", "HOME=/");
        assertThat(Simulated.fetch(address, "/arguments")).isEqualTo("it's here\n");
        assertThat(Simulated.fetch(address, "/id")).startsWith("uid=0(root)");

        JsonNode status = agent.get("/nodes/pve1/lxc/200/status/current").data();
        assertThat(status.get("status").asString()).isEqualTo("running");
        assertThat(status.get("maxmem").asLong()).isEqualTo(64L << 20);
        assertThat(status.get("tags").asString()).isEqualTo("containr;web");
        assertThat(status.get("pid").asLong()).isPositive();
        JsonNode interfaces = agent.get("/nodes/pve1/lxc/200/interfaces").data();
        assertThat(interfaces.get(1).get("inet").asString()).isEqualTo(address + "/24");
        assertThat(interfaces.get(1).get("ip-addresses").get(0).get("prefix").isString())
                .isTrue();
    }

    @Test
    void theRootFileSystemOutlivesStopsAndChangedConfigurations() {
        String address = simulated.createAndStart(201);
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("started\n");
        agent.ok(agent.post("/nodes/pve1/lxc/201/status/shutdown", "timeout", "10"));
        assertThat(agent.status(201)).isEqualTo("stopped");
        agent.ok(agent.post("/nodes/pve1/lxc/201/status/start"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("started\nstarted\n");

        agent.put("/nodes/pve1/lxc/201/config", "env", "PATH=/bin\0PORT=8080\0NEW=1");
        JsonNode pending = agent.get("/nodes/pve1/lxc/201/pending").data();
        assertThat(pending.toString()).contains("\"pending\":\"PATH=/bin");
        agent.ok(agent.post("/nodes/pve1/lxc/201/status/reboot", "timeout", "10"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("started\nstarted\nstarted\n");
        assertThat(Simulated.fetch(address, "/env")).contains("NEW=1").doesNotContain("GREETING");
    }

    @Test
    void aDestroyedGuestIsGoneEverywhere() {
        simulated.createAndStart(202);
        Pve.Answer refused = agent.delete("/nodes/pve1/lxc/202");
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.message()).isEqualTo("unable to destroy CT 202 - container is running");
        agent.ok(agent.delete("/nodes/pve1/lxc/202?force=1&purge=1"));
        // Rights of its pool ended with it.
        assertThat(agent.get("/nodes/pve1/lxc/202/status/current").status()).isEqualTo(403);
        assertThat(simulated.root().get("/nodes/pve1/lxc/202/status/current").message())
                .isEqualTo("Configuration file 'nodes/pve1/lxc/202.conf' does not exist");
        assertThat(simulated
                        .root()
                        .get("/nodes/pve1/storage/local-lvm/content?vmid=202")
                        .data())
                .isEmpty();
        assertThat(agent.get("/cluster/resources?type=vm").data().toString()).doesNotContain("lxc/202");
    }

    @Test
    void aProgramThatIsNotThereFailsTheStart() {
        simulated.create(203);
        agent.put("/nodes/pve1/lxc/203/config", "entrypoint", "/no/such/binary");
        assertThat(agent.end(agent.post("/nodes/pve1/lxc/203/status/start")))
                .isEqualTo("startup for container '203' failed");
        assertThat(agent.status(203)).isEqualTo("stopped");
    }

    @Test
    void aGuestThatIgnoresItsSignalIsKilledOnDemandOnly() {
        simulated.create(204);
        agent.put("/nodes/pve1/lxc/204/config", "entrypoint", "/bin/sh -c 'trap \"\" TERM; sleep 600'");
        agent.ok(agent.post("/nodes/pve1/lxc/204/status/start"));
        assertThat(agent.end(agent.post("/nodes/pve1/lxc/204/status/shutdown", "timeout", "1")))
                .contains("got timeout");
        assertThat(agent.status(204)).isEqualTo("running");
        agent.ok(agent.post("/nodes/pve1/lxc/204/status/shutdown", "timeout", "1", "forceStop", "1"));
        assertThat(agent.status(204)).isEqualTo("stopped");
        assertThat(agent.post("/nodes/pve1/lxc/204/status/stop").message()).isEqualTo("CT 204 not running");
    }

    @Test
    void memoryAndProcessorsAreLimitedAtOnce() {
        simulated.createAndStart(205);
        agent.put("/nodes/pve1/lxc/205/config", "memory", "96", "cpulimit", "0.5");
        var limits = simulated
                .lab()
                .docker()
                .inspectContainerCmd(container(205))
                .exec()
                .getHostConfig();
        assertThat(limits.getMemory()).isEqualTo(96L << 20);
        assertThat(limits.getNanoCPUs()).isEqualTo(500_000_000L);
        assertThat(limits.getCapDrop()).isNotEmpty();
    }

    private static String container(int vmid) {
        return simulated.server().network().name() + "-" + vmid;
    }
}
