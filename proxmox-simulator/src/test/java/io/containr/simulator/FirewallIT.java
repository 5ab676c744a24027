package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Firewalls of guests, tried from inside of guests. */
class FirewallIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    private final Pve agent = simulated.agent();

    @BeforeAll
    static void switchOn() {
        simulated.root().put("/cluster/firewall/options", "enable", "1");
    }

    @Test
    void aGuestLetsInWhomItsRulesNameAndNobodyElse() throws Exception {
        String one = create(700);
        String two = create(701);
        String stranger = create(702);
        protect(700, one, two);
        protect(701, one, two);
        protect(702, stranger);
        startAll(700, 701, 702);

        // From this machine, which has the gateway's address: every guest's rules name it.
        assertThat(List.of(one, two, stranger))
                .allSatisfy(address ->
                        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("started\n"));
        assertThat(reaches(701, one, 8080)).isTrue();
        assertThat(reaches(702, one, 8080)).isFalse();
        assertThat(reaches(700, stranger, 8080)).isFalse();

        agent.post(firewall(700) + "/ipset/project", "cidr", stranger).data();
        assertThat(reaches(702, one, 8080)).as("let in while both run").isTrue();
        agent.delete(firewall(700) + "/ipset/project/" + stranger).data();
        assertThat(reaches(702, one, 8080)).as("not let in any more").isFalse();

        simulated.restart();
        assertThat(reaches(702, one, 8080))
                .as("after a restart of the simulator")
                .isFalse();
        assertThat(reaches(701, one, 8080)).isTrue();
    }

    @Test
    void aGuestGetsOutAsItsRulesSay() throws Exception {
        String gateway = simulated.server().network().gateway();
        create(710);
        create(711);
        protect(710);
        try (ServerSocket intake = new ServerSocket(0);
                ServerSocket hypervisor = new ServerSocket(0)) {
            rule(710, "type", "out", "action", "REJECT", "dest", "192.0.2.1," + gateway);
            rule(
                    710,
                    "type",
                    "out",
                    "action",
                    "ACCEPT",
                    "dest",
                    gateway,
                    "proto",
                    "tcp",
                    "dport",
                    "" + intake.getLocalPort());
            startAll(710, 711);
            answer(intake);
            answer(hypervisor);
            assertThat(reaches(710, gateway, intake.getLocalPort())).isTrue();
            assertThat(reaches(710, gateway, hypervisor.getLocalPort())).isFalse();
            assertThat(reaches(711, gateway, hypervisor.getLocalPort()))
                    .as("a guest without firewall")
                    .isTrue();
        }
    }

    @Test
    void nobodySpeaksFromAnotherAddress() throws Exception {
        String server = create(720);
        create(721);
        String absent = simulated.freeAddress();
        protect(720, server, absent);
        protect(721);
        startAll(720, 721);
        Simulated.fetch(server, "/starts");
        // By this machine, since no guest may: the address it speaks from is not its own.
        network(721, "address", "add", absent + "/24", "dev", "eth0");
        network(721, "route", "add", server, "dev", "eth0", "src", absent);
        assertThat(reaches(721, server, 8080)).isFalse();

        agent.put(firewall(721) + "/options", "ipfilter", "0").data();
        assertThat(reaches(721, server, 8080))
                .as("the same packets, with nobody looking at their source")
                .isTrue();
    }

    /** The address is nobody's, so the gateway answers whoever asks for it in its name. */
    @Test
    void nobodySpeaksArpInAnothersName() throws Exception {
        String gateway = simulated.server().network().gateway();
        String own = create(750);
        String absent = simulated.freeAddress();
        protect(750);
        startAll(750);
        network(750, "address", "add", absent + "/32", "dev", "eth0");
        assertThat(asksArp(750, own, gateway)).isTrue();
        assertThat(asksArp(750, absent, gateway)).isFalse();

        agent.put(firewall(750) + "/options", "ipfilter", "0").data();
        assertThat(asksArp(750, absent, gateway))
                .as("the same frames, with nobody looking at their sender")
                .isTrue();
    }

    @Test
    void guestsReachEachOtherByNoProtocolThatNobodyLooksAt() throws Exception {
        create(760);
        create(761);
        protect(761);
        startAll(760, 761);
        for (int vmid : new int[] {760, 761}) {
            inNetworkOf(vmid, "/usr/sbin/sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0");
            network(vmid, "-6", "address", "add", "fd99::" + vmid + "/64", "dev", "eth0", "nodad");
        }
        assertThat(inside(761, "ping6", "-c", "1", "-W", "1", "fd99::760")).isNotZero();
        agent.put(firewall(761) + "/options", "ipfilter", "0").data();
        assertThat(inside(761, "ping6", "-c", "1", "-W", "5", "fd99::760")).isZero();
    }

    @Test
    void nobodySendsFramesUnderAnotherHardwareAddress() throws Exception {
        String server = create(770);
        create(771);
        protect(770, simulated.server().network().gateway());
        protect(771);
        agent.put(firewall(770) + "/options", "policy_in", "ACCEPT").data();
        startAll(770, 771);
        assertThat(reaches(771, server, 8080)).isTrue();
        network(771, "link", "set", "eth0", "address", "02:00:00:00:77:71");
        assertThat(reaches(771, server, 8080)).isFalse();
        agent.put(firewall(771) + "/options", "macfilter", "0").data();
        assertThat(reaches(771, server, 8080)).isTrue();
    }

    private static boolean asksArp(int vmid, String from, String whom) {
        return inside(vmid, "arping", "-q", "-f", "-c", "2", "-w", "2", "-I", "eth0", "-s", from, whom) == 0;
    }

    @Test
    void theDatacentersFirewallIsThePrecondition() throws Exception {
        String server = create(730);
        create(731);
        protect(730);
        startAll(730, 731);
        Simulated.fetch(server, "/starts");
        assertThat(reaches(731, server, 8080)).isFalse();
        simulated.root().put("/cluster/firewall/options", "enable", "0");
        try {
            assertThat(reaches(731, server, 8080)).isTrue();
        } finally {
            simulated.root().put("/cluster/firewall/options", "enable", "1");
        }
        assertThat(reaches(731, server, 8080)).isFalse();
    }

    @Test
    void aDestroyedGuestLeavesNoRule() throws Exception {
        String address = create(740);
        protect(740);
        startAll(740);
        assertThat(rulesOfThisMachine()).contains(address + "/32");
        assertThat(framesOfThisMachine()).contains("--arp-ip-src ! " + address + " ");
        agent.ok(agent.delete("/nodes/pve1/lxc/740?force=1&purge=1"));
        assertThat(rulesOfThisMachine()).doesNotContain(address + "/32");
        assertThat(framesOfThisMachine()).doesNotContain("--arp-ip-src ! " + address + " ");
    }

    private static String rulesOfThisMachine() throws IOException, InterruptedException {
        return run("/usr/sbin/iptables-save");
    }

    private static String framesOfThisMachine() throws IOException, InterruptedException {
        return run("/usr/sbin/ebtables-save");
    }

    /** Changes a guest's network from outside. */
    private void network(int vmid, String... change) throws IOException, InterruptedException {
        inNetworkOf(
                vmid, Stream.concat(Stream.of("/sbin/ip"), Stream.of(change)).toArray(String[]::new));
    }

    private void inNetworkOf(int vmid, String... command) throws IOException, InterruptedException {
        String pid = agent.get("/nodes/pve1/lxc/" + vmid + "/status/current")
                .data()
                .get("pid")
                .asString();
        run(Stream.concat(Stream.of("/usr/bin/nsenter", "-t", pid, "-n"), Stream.of(command))
                .toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** A guest whose network device asks for a firewall. */
    private String create(int vmid) {
        String address = simulated.create(vmid);
        agent.put("/nodes/pve1/lxc/" + vmid + "/config", "net0", simulated.net0(address) + ",firewall=1")
                .data();
        return address;
    }

    private void protect(int vmid, String... project) {
        agent.post(firewall(vmid) + "/ipset", "name", "project").data();
        for (String member : project) {
            agent.post(firewall(vmid) + "/ipset/project", "cidr", member).data();
        }
        rule(vmid, "type", "in", "action", "ACCEPT", "source", "+project");
        rule(
                vmid,
                "type",
                "in",
                "action",
                "ACCEPT",
                "source",
                simulated.server().network().gateway());
        agent.put(firewall(vmid) + "/options", "enable", "1", "policy_in", "DROP", "ipfilter", "1")
                .data();
    }

    private void rule(int vmid, String... form) {
        String[] enabled = new String[form.length + 2];
        System.arraycopy(form, 0, enabled, 2, form.length);
        enabled[0] = "enable";
        enabled[1] = "1";
        agent.post(firewall(vmid) + "/rules", enabled).data();
    }

    private static String firewall(int vmid) {
        return "/nodes/pve1/lxc/" + vmid + "/firewall";
    }

    private void startAll(int... vmids) {
        for (int vmid : vmids) {
            agent.ok(agent.post("/nodes/pve1/lxc/" + vmid + "/status/start"));
        }
    }

    private static void answer(ServerSocket socket) {
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    socket.accept().close();
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static boolean reaches(int vmid, String address, int port) {
        return inside(vmid, "nc", "-w", "1", address, "" + port) == 0;
    }

    /** How a command ends that is run in a guest. */
    private static long inside(int vmid, String... command) {
        var docker = simulated.lab().docker();
        String[] whole = new String[command.length + 1];
        System.arraycopy(command, 0, whole, 1, command.length);
        whole[0] = "/bin/busybox";
        String container = simulated.server().network().name() + "-" + vmid;
        String id = docker.execCreateCmd(container).withCmd(whole).exec().getId();
        try {
            docker.execStartCmd(id).withDetach(true).start().awaitCompletion();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> docker.inspectExecCmd(id).exec(), state -> !Boolean.TRUE.equals(state.isRunning()))
                .getExitCodeLong();
    }
}
