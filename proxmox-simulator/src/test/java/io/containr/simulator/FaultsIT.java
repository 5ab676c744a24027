package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.CallFault.Behaviour;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The switches, and what a client then sees. */
class FaultsIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    private final Pve agent = simulated.agent();
    private final Faults faults = simulated.server().faults();

    @AfterEach
    void everythingWorksAgain() {
        faults.clear();
    }

    @Test
    void aDroppedAnswerMayHideAChange() {
        simulated.create(400);
        faults.add(CallFault.of("PUT", "/nodes/pve1/lxc/400/config", 1, new Behaviour.Drop())
                .afterwards());
        assertThatThrownBy(() -> agent.put("/nodes/pve1/lxc/400/config", "description", "taken"))
                .hasMessageContaining("HTTP/1.1 header parser received no bytes");
        assertThat(agent.get("/nodes/pve1/lxc/400/config")
                        .data()
                        .get("description")
                        .asString())
                .isEqualTo("taken\n");
        faults.add(CallFault.of("PUT", "/nodes/pve1/lxc/400/config", 1, new Behaviour.Drop()));
        assertThatThrownBy(() -> agent.put("/nodes/pve1/lxc/400/config", "description", "lost"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(agent.get("/nodes/pve1/lxc/400/config")
                        .data()
                        .get("description")
                        .asString())
                .isEqualTo("taken\n");
    }

    @Test
    void statusesSilenceAndGarbageComeAsOftenAsAsked() {
        faults.add(CallFault.of("GET", "/version", 2, new Behaviour.Status(595, "Connection refused", false)));
        assertThat(agent.get("/version")).isEqualTo(new Pve.Answer(595, ""));
        assertThat(agent.get("/version").status()).isEqualTo(595);
        assertThat(agent.get("/version").status()).isEqualTo(200);
        faults.add(CallFault.of("GET", "/version", 1, new Behaviour.Status(500, "got timeout", true)));
        assertThat(agent.get("/version").message()).isEqualTo("got timeout");
        faults.add(CallFault.of("GET", "/version", 1, new Behaviour.Garbage()));
        assertThat(agent.get("/version").body()).startsWith("<html>");
        faults.add(CallFault.of("POST", "/pools", 1, new Behaviour.Silence(Duration.ofMillis(300))));
        long before = System.nanoTime();
        assertThatThrownBy(() -> agent.post("/pools", "poolid", "late")).isInstanceOf(IllegalStateException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void aTaskMayLieAboutItsGuest() {
        simulated.create(401);
        String start = "/nodes/pve1/lxc/401/status/start";
        faults.add(TaskFault.of("vzstart", "401", 1, TaskFault.Behaviour.FAIL, "no such luck"));
        assertThat(agent.end(agent.post(start))).isEqualTo("no such luck");
        assertThat(agent.status(401)).isEqualTo("stopped");
        faults.add(TaskFault.of("vzstart", "401", 1, TaskFault.Behaviour.FAIL_AFTERWARDS, "got timeout"));
        assertThat(agent.end(agent.post(start))).isEqualTo("got timeout");
        assertThat(agent.status(401)).isEqualTo("running");
        agent.ok(agent.post("/nodes/pve1/lxc/401/status/stop"));
        faults.add(TaskFault.of("vzstart", "401", 1, TaskFault.Behaviour.GUEST_DIES, ""));
        agent.ok(agent.post(start));
        Awaitility.await().until(() -> agent.status(401).equals("stopped"));
        faults.add(TaskFault.of("vzstart", "401", 1, TaskFault.Behaviour.UNEXPECTED, ""));
        assertThat(agent.end(agent.post(start))).isEqualTo("unexpected status");
    }

    @Test
    void aHangingTaskEndsWhenItIsStopped() {
        simulated.create(402);
        faults.add(TaskFault.of("vzstart", "402", 1, TaskFault.Behaviour.HANG, ""));
        Pve.Answer started = agent.post("/nodes/pve1/lxc/402/status/start");
        String upid = URLEncoder.encode(started.data().asString(), StandardCharsets.UTF_8);
        assertThat(agent.get("/nodes/pve1/tasks/" + upid + "/status")
                        .data()
                        .get("status")
                        .asString())
                .isEqualTo("running");
        assertThat(agent.get("/nodes/pve1/tasks?source=active")
                        .data()
                        .get(0)
                        .get("user")
                        .asString())
                .isEqualTo("containr@pve!agent");
        assertThat(agent.delete("/nodes/pve1/tasks/" + upid).data().isNull()).isTrue();
        assertThat(agent.end(started)).isEqualTo("unexpected status");
    }

    @Test
    void withoutQuorumNothingChangesAndAFullStorageTakesNothing() {
        simulated.create(403);
        faults.quorum(false);
        assertThat(agent.put("/nodes/pve1/lxc/403/config", "memory", "80").message())
                .isEqualTo("cluster not ready - no quorum?");
        assertThat(agent.get("/nodes/pve1/lxc/403/config").data().get("memory").asInt())
                .isEqualTo(64);
        faults.quorum(true);
        faults.storageFull("local-lvm", true);
        String exit = agent.end(agent.post(
                "/nodes/pve1/lxc",
                "vmid",
                "404",
                "ostemplate",
                Simulated.TEMPLATE,
                "ostype",
                "unmanaged",
                "rootfs",
                "local-lvm:1",
                "pool",
                "containr"));
        assertThat(exit).contains("free space in thin pool");
        assertThat(simulated.root().get("/nodes/pve1/lxc/404/config").message())
                .isEqualTo("Configuration file 'nodes/pve1/lxc/404.conf' does not exist");
    }

    @Test
    void aNodeWithoutPowerIsOfflineAndItsGuestsAreDead() {
        simulated.createAndStart(405);
        simulated.server().powerCut("pve1");
        assertThat(agent.get("/nodes/pve1/lxc/405/status/current")).isEqualTo(new Pve.Answer(595, ""));
        assertThat(agent.get("/nodes").data().get(0).get("status").asString()).isEqualTo("offline");
        assertThat(agent.get("/cluster/resources?type=vm")
                        .data()
                        .get(0)
                        .get("status")
                        .asString())
                .isEqualTo("unknown");
        faults.nodeOnline("pve1");
        assertThat(agent.status(405)).isEqualTo("stopped");
    }

    @Test
    void aNodeUnderMaintenanceSaysSoAndWorksOn() {
        faults.maintenance("pve1", true);
        assertThat(agent.get("/cluster/resources?type=node").data().toString()).contains("\"hastate\":\"maintenance\"");
        assertThat(agent.get("/nodes/pve1/status").status()).isEqualTo(200);
        faults.maintenance("pve1", false);
        assertThat(agent.get("/cluster/resources?type=node").data().toString()).doesNotContain("hastate");
    }

    @Test
    void faultsAreSetFromOutsideByRootAlone() {
        byte[] fault = """
                {"kind":"status","method":"GET","path":"/version","code":596,"reason":"Broken pipe","body":false}
                """.getBytes(StandardCharsets.UTF_8);
        assertThat(agent.raw("/containr-simulator/faults", "POST", "application/json", fault)
                        .status())
                .isEqualTo(403);
        assertThat(simulated
                        .root()
                        .raw("/containr-simulator/faults", "POST", "application/json", fault)
                        .status())
                .isEqualTo(204);
        assertThat(agent.get("/version").status()).isEqualTo(596);
        assertThat(agent.get("/version").status()).isEqualTo(200);
        byte[] nonsense = "{\"kind\":\"earthquake\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(simulated
                        .root()
                        .raw("/containr-simulator/faults", "POST", "application/json", nonsense)
                        .status())
                .isEqualTo(400);
    }
}
