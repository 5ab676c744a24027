package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Who may call, and what a refusal looks like. */
class AccessIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    private final Pve agent = simulated.agent();
    private final Pve root = simulated.root();

    @Test
    void withoutCredentialsTheBodyIsEmpty() {
        assertThat(new Pve(simulated.server(), "").get("/version")).isEqualTo(new Pve.Answer(401, ""));
        assertThat(new Pve(simulated.server(), "PVEAPIToken=containr@pve!agent=wrong").get("/version"))
                .isEqualTo(new Pve.Answer(401, ""));
    }

    @Test
    void aTokenSeesTheVersionAndWhatItMayDo() {
        assertThat(agent.get("/version").data().get("release").asString()).isEqualTo("9.2");
        JsonNode rights =
                agent.get("/access/permissions?path=/pool/containr").data().get("/pool/containr");
        assertThat(rights.has("VM.Allocate")).isTrue();
        assertThat(rights.has("Sys.Modify")).isFalse();
        assertThat(agent.get("/cluster/status").message()).isEqualTo("Permission check failed (/, Sys.Audit)");
    }

    @Test
    void unknownAndInvalidParametersAreNamed() {
        Pve.Answer answer = agent.post(
                "/nodes/pve1/lxc",
                "vmid",
                "5",
                "ostemplate",
                "x",
                "hostname",
                "bad_host",
                "memory",
                "1",
                "nosuch",
                "1",
                "net0",
                "name=eth0,bridge=vmbr0,colour=red");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("Parameter verification failed.");
        JsonNode errors = answer.json().get("errors");
        assertThat(errors.get("vmid").asString())
                .isEqualTo("invalid format - value does not look like a valid VM ID\n");
        assertThat(errors.get("hostname").asString())
                .isEqualTo("invalid format - value does not look like a valid DNS name\n");
        assertThat(errors.get("memory").asString()).isEqualTo("value must have a minimum value of 16");
        assertThat(errors.get("nosuch").asString())
                .isEqualTo("property is not defined in schema and the schema does not allow additional properties");
        assertThat(errors.get("net0").asString()).contains("net0.colour: property is not defined in schema");
    }

    @Test
    void creatingNeedsThePoolAndTagsComeLater() {
        String[] form = {
            "vmid", "250", "ostemplate", Simulated.TEMPLATE, "ostype", "unmanaged", "rootfs", "local-lvm:0.25"
        };
        assertThat(agent.post("/nodes/pve1/lxc", form).message()).isEqualTo("Permission check failed");
        assertThat(agent.post("/nodes/pve1/lxc", with(form, "pool", "containr", "tags", "x"))
                        .message())
                .isEqualTo("Permission check failed (/vms/250, VM.Config.Options)");
        assertThat(agent.post("/nodes/pve1/lxc", with(form, "pool", "containr", "unprivileged", "0"))
                        .message())
                .isEqualTo("Permission check failed (/, Sys.Modify)");
        assertThat(root.post("/nodes/pve1/lxc", with(form, "mp0", "/srv,mp=/x")).message())
                .isEqualTo("Permission check failed (mount point type bind is only allowed for root@pam)");
        assertThat(root.post("/nodes/pve1/lxc", with(form, "features", "nesting=1,keyctl=1"))
                        .message())
                .isEqualTo(
                        "Permission check failed (changing feature flags (except nesting) is only allowed for root@pam)");
    }

    private static String[] with(String[] form, String... more) {
        String[] all = Arrays.copyOf(form, form.length + more.length);
        System.arraycopy(more, 0, all, form.length, more.length);
        return all;
    }

    @Test
    void guestsOfOthersAreRefusedAndLeftOut() {
        root.ok(root.post("/nodes/pve1/lxc", "vmid", "260", "ostemplate", Simulated.TEMPLATE, "ostype", "unmanaged"));
        assertThat(agent.get("/nodes/pve1/lxc/260/config").message())
                .isEqualTo("Permission check failed (/vms/260, VM.Audit)");
        assertThat(agent.get("/nodes/pve1/lxc").data().toString()).doesNotContain("260");
        assertThat(root.put("/pools", "poolid", "containr", "vms", "260").data().isNull())
                .isTrue();
        assertThat(agent.get("/nodes/pve1/lxc/260/config").status()).isEqualTo(200);
        assertThat(agent.get("/pools?poolid=containr")
                        .data()
                        .get(0)
                        .get("members")
                        .toString())
                .contains("lxc/260");
    }

    @Test
    void whatIsUnknownIsNotImplemented() {
        assertThat(agent.get("/nosuch").status()).isEqualTo(501);
        assertThat(agent.get("/nosuch").message()).isEqualTo("Method 'GET /nosuch' not implemented");
        assertThat(agent.get("/nodes/nosuch/lxc").message())
                .isEqualTo("hostname lookup 'nosuch' failed - failed to get address info for: nosuch: "
                        + "Name or service not known");
    }

    @Test
    void bodiesAreTakenWhereTheyBelong() {
        byte[] json = "{\"poolid\":\"byjson\",\"comment\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(root.raw("/api2/json/pools", "POST", "application/json", json)
                        .status())
                .isEqualTo(200);
        Pve.Answer bad =
                root.raw("/api2/json/pools", "POST", "application/json", "{bad".getBytes(StandardCharsets.UTF_8));
        assertThat(bad.status()).isEqualTo(500);
        assertThat(bad.body()).doesNotStartWith("{");
        Pve.Answer withBody = root.raw("/api2/json/pools?poolid=byjson", "DELETE", "application/json", json);
        assertThat(withBody).isEqualTo(new Pve.Answer(501, "Unexpected content for method 'DELETE'"));
        assertThat(root.raw("/api2/json/pools", "POST", "text/csv", json).status())
                .isEqualTo(506);
    }

    @Test
    void rootSignsInWithAPasswordAndNeedsTheCsrfToken() {
        Pve nobody = new Pve(simulated.server(), "");
        assertThat(nobody.post("/access/ticket", "username", "root@pam", "password", "wrong")
                        .message())
                .isEqualTo("authentication failure");
        JsonNode ticket = nobody.post("/access/ticket", "username", "root@pam", "password", "secret-of-root")
                .data();
        assertThat(ticket.get("ticket").asString()).startsWith("PVE:root@pam:");
        assertThat(agent.post("/access/ticket", "username", "root@pam", "password", "x")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void tokensWithoutSeparationHaveTheRightsOfTheirUser() {
        root.post("/access/users", "userid", "low@pve").data();
        assertThat(root.post("/access/users/low@pve/token/t")
                        .json()
                        .get("errors")
                        .get("tokenid")
                        .asString())
                .isEqualTo("value does not match the regex pattern");
        JsonNode made =
                root.post("/access/users/low@pve/token/tt", "privsep", "0").data();
        Pve low = new Pve(
                simulated.server(),
                "PVEAPIToken=low@pve!tt=" + made.get("value").asString());
        assertThat(low.get("/nodes/pve1/status").status()).isEqualTo(403);
        root.post("/access/roles", "roleid", "Looker", "privs", "Sys.Audit").data();
        root.put("/access/acl", "path", "/nodes", "users", "low@pve", "roles", "Looker")
                .data();
        assertThat(low.get("/nodes/pve1/status").data().get("pveversion").asString())
                .startsWith("pve-manager/9.2");
    }
}
