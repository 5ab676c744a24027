package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.simulator.fault.TaskFault;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What a simulator leaves behind, the next one takes over. */
class RestartIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    @Test
    void guestsRunOnAndNothingIsForgotten() {
        String address = simulated.createAndStart(500);
        String fingerprint = simulated.server().fingerprint();
        JsonNode before = simulated.agent().get("/nodes/pve1/lxc/500/config").data();
        simulated.server().faults().add(TaskFault.of("vzstart", "501", 1, TaskFault.Behaviour.HANG, ""));
        simulated.create(501);
        String cut = simulated
                .agent()
                .post("/nodes/pve1/lxc/501/status/start")
                .data()
                .asString();

        simulated.restart();

        Pve agent = simulated.agent();
        assertThat(simulated.server().fingerprint()).isEqualTo(fingerprint);
        assertThat(agent.get("/nodes/pve1/lxc/500/config").data()).isEqualTo(before);
        assertThat(agent.status(500)).isEqualTo("running");
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("started\n");
        assertThat(agent.get("/nodes/pve1/storage/local/content").data().toString())
                .contains(Simulated.TEMPLATE);
        JsonNode tasks =
                agent.get("/nodes/pve1/tasks?vmid=500&typefilter=vzstart").data();
        assertThat(tasks.get(0).get("status").asString()).isEqualTo("OK");
        String path = "/nodes/pve1/tasks/" + URLEncoder.encode(cut, StandardCharsets.UTF_8);
        assertThat(agent.get(path + "/status").data().get("exitstatus").asString())
                .isEqualTo("unexpected status");
        agent.ok(agent.post("/nodes/pve1/lxc/500/status/stop"));
        agent.ok(agent.post("/nodes/pve1/lxc/500/status/start"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("started\nstarted\n");
    }
}
