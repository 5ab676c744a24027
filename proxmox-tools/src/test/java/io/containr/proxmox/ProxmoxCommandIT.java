package io.containr.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import io.containr.agent.proxmox.ProxmoxTransport;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import io.containr.proxmox.conformance.SimulatedTarget;
import io.containr.proxmox.conformance.TestImage;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** What an operator types, before a simulated cluster. */
class ProxmoxCommandIT {

    private SimulatedTarget simulated;
    private ProxmoxConnection rootConnection;
    private ProxmoxTransport root;

    @TempDir
    private Path home;

    private Path adminToken;
    private Path agentToken;

    private record Ended(int code, String said) {}

    @BeforeEach
    void start() throws Exception {
        simulated = SimulatedTarget.start(Delays.none());
        ApiToken token = simulated.simulator().rootToken();
        rootConnection = ProxmoxConnection.open(
                new Endpoint(
                        simulated.simulator().baseUri(),
                        simulated.simulator().fingerprint(),
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10)),
                ProxmoxConnection.token(token.id() + "=" + token.secret()));
        root = rootConnection.transport();
        adminToken = Files.writeString(home.resolve("root.token"), token.id() + "=" + token.secret() + "\n");
        agentToken = home.resolve("agent.token");
    }

    @AfterEach
    void close() {
        rootConnection.close();
        simulated.close();
    }

    private Ended run(String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine command = new CommandLine(new ProxmoxCommand())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .setExecutionExceptionHandler((failure, parsed, _) -> {
                    parsed.getErr().println(failure.getMessage());
                    return 70;
                });
        return new Ended(command.execute(arguments), said.toString());
    }

    private Ended at(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "--url",
                simulated.simulator().baseUri().toString(),
                "--fingerprint",
                simulated.simulator().fingerprint(),
                "--token-file",
                agentToken.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private Ended setup(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--admin-token-file", adminToken.toString(), "--renew-token"));
        arguments.addAll(List.of(more));
        return at("setup", arguments.toArray(String[]::new));
    }

    @Test
    void aSetUpClusterIsHealthyAndSettingItUpAgainChangesNothing() throws IOException {
        Ended first = setup();
        assertThat(first.said()).contains("token containr@pve!agent").contains("nothing is wrong");
        assertThat(first.code()).isZero();
        String token = Files.readString(agentToken);
        assertThat(token).startsWith("containr@pve!agent=");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(agentToken)))
                .isEqualTo("rw-------");
        assertThat(first.said()).doesNotContain(token.strip().substring(token.indexOf('=') + 1));

        assertThat(setup().said()).contains("all was made before");
        assertThat(Files.readString(agentToken)).isEqualTo(token);

        Ended doctor = at("doctor");
        assertThat(doctor.said())
                .contains("the token has the rights it needs")
                .contains("no guest of node pve1 is stuck")
                .contains("the datacenter's firewall cannot be seen with this token");
        assertThat(doctor.code()).isZero();
    }

    @Test
    void aTokenWhoseSecretIsElsewhereIsNotReplacedUnasked() throws IOException {
        setup();
        Files.delete(agentToken);
        Ended refused = at("setup", "--admin-token-file", adminToken.toString());
        assertThat(refused.code()).isEqualTo(70);
        assertThat(refused.said()).contains("--renew-token");
        assertThat(agentToken).doesNotExist();
    }

    @Test
    void whatRootWouldTypeIsPrintedWithoutTouchingAnything() {
        Ended printed = run("setup", "--print", "--node", "n1,n2", "--storage", "fast", "--bridge", "vmbr7");
        assertThat(printed.code()).isZero();
        assertThat(printed.said().lines())
                .contains("pveum user token add containr@pve agent --privsep 1")
                .contains("pveum acl modify /storage/fast --users containr@pve --tokens 'containr@pve!agent'"
                        + " --roles ContainrStorage")
                .contains("pveum acl modify /sdn/zones/localnetwork/vmbr7 --users containr@pve --tokens"
                        + " 'containr@pve!agent' --roles ContainrNetwork")
                .contains("pveum acl modify /nodes/n2 --users containr@pve --tokens 'containr@pve!agent'"
                        + " --roles ContainrNode")
                .allMatch(line -> line.startsWith("pveum "));
    }

    @Test
    void whatTheClusterLacksIsSaidWithItsRemedy() {
        simulated.simulator().faults().quorum(true);
        Ended wrong =
                setup("--template-storage", "local-lvm", "--bridge", "vmbr9", "--repository", "127.0.0.1:1/apps/web");
        assertThat(wrong.code()).isOne();
        assertThat(wrong.said())
                .contains("pvesm set local-lvm --content rootdir,vztmpl")
                .contains("has no bridge vmbr9")
                .contains("cannot read 127.0.0.1:1/apps/web")
                .contains("location = \"127.0.0.1:1\"");
        simulated.simulator().faults().quorum(false);
        assertThat(at("setup", "--admin-token-file", adminToken.toString()).said())
                .contains("has no quorum");
    }

    @Test
    void aLockedGuestAMissingRightAFullStorageAndALostNodeAreFound() throws Exception {
        setup();
        guestOf(3600);
        root.put(Map.of("lock", "backup"), "/nodes/pve1/lxc/101/config");
        root.put(
                Map.of(
                        "path",
                        "/nodes/pve1",
                        "users",
                        "containr@pve",
                        "tokens",
                        "containr@pve!agent",
                        "roles",
                        "ContainrNode",
                        "delete",
                        "1"),
                "/access/acl");
        Ended doctor = at("doctor");
        assertThat(doctor.code()).isOne();
        assertThat(doctor.said())
                .contains("guest 101 of node pve1 is locked (backup)")
                .contains("pct unlock 101")
                .contains("the token lacks Sys.AccessNetwork, Sys.Audit on /nodes/pve1")
                .contains("pveum acl modify /nodes/pve1")
                .contains("storage local-lvm of node pve1 is 90 % full");
        setup();
        assertThat(at("doctor").said()).contains("the token has the rights it needs");

        simulated.simulator().faults().nodeOffline("pve1");
        assertThat(at("doctor").said()).contains("node pve1 is offline");
        simulated.simulator().faults().nodeOnline("pve1");

        root.delete("/access/users/{user}/token/{token}", "containr@pve", "agent");
        for (Ended stranger : List.of(at("doctor"), at("doctor", "--node", "pve1"))) {
            assertThat(stranger.said()).contains("make another with 'proxmox setup --renew-token'");
            assertThat(stranger.code()).isOne();
        }
    }

    /** A guest whose disk is so large, in the agent's pool; a twentieth of it counts as written. */
    private void guestOf(int gibibytes) throws Exception {
        TestImage image = TestImage.publish(simulated.registry());
        end(root.post(
                Map.of("reference", image.reference(), "filename", image.file()),
                "/nodes/pve1/storage/local/oci-registry-pull"));
        end(root.post(
                Map.of(
                        "vmid", "101",
                        "ostemplate", "local:vztmpl/" + image.file() + ".tar",
                        "ostype", "unmanaged",
                        "rootfs", "local-lvm:" + gibibytes,
                        "pool", "containr"),
                "/nodes/pve1/lxc"));
    }

    private void end(JsonNode task) {
        Upid upid = new Upid(task.asString());
        await().until(
                        () -> rootConnection.proxmox().task(upid).orElseThrow(),
                        status -> status instanceof TaskStatus.Succeeded);
    }
}
