package io.containr.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.FakeCluster;
import io.containr.agent.proxmox.FirewallRule;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.ProxmoxFirewall;
import io.containr.agent.proxmox.Refusals;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KeptAddressesTest {

    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    private final ProxmoxFirewall nodes = new ProxmoxFirewall() {
        @Override
        public Set<String> addresses(String node) {
            if (silent.contains(node)) {
                throw Refusals.of(ProxmoxFailure.OUTCOME_UNKNOWN, "595");
            }
            return Set.of("192.0.2." + node.substring(1));
        }

        @Override
        public void protect(String node, int vmid, List<FirewallRule> rules, String set, Collection<String> members) {
            throw new AssertionError();
        }

        @Override
        public void admit(String node, int vmid, String set, Collection<String> members) {
            throw new AssertionError();
        }
    };

    private final KeptAddresses kept = new KeptAddresses(new FakeCluster(1), nodes, properties(), Clock.systemUTC());

    private static AgentProperties properties() {
        return new Binder(new MapConfigurationPropertySource(Map.of(
                        "containr.agent.proxmox.url", "https://127.0.0.1:8006",
                        "containr.agent.proxmox.token-file", "token",
                        "containr.agent.intake.certificate-file", "intake.pem",
                        "containr.agent.network.cidr", "10.9.0.0/16",
                        "containr.agent.network.gateway", "10.9.0.10")))
                .bind("containr.agent", AgentProperties.class)
                .get();
    }

    /** The rules of a guest never change: one that started without a node's addresses could reach that node for good. */
    @Test
    void noGuestGetsRulesBeforeEveryNodeHasToldItsAddresses() {
        silent.add("n2");
        assertThatThrownBy(kept::all)
                .isInstanceOfSatisfying(
                        ProxmoxException.class, e -> assertThat(e.failure()).isEqualTo(ProxmoxFailure.OUTCOME_UNKNOWN));
        silent.clear();
        assertThat(kept.all()).contains("192.0.2.1", "192.0.2.2", "10.9.0.10");
        silent.add("n2");
        assertThat(kept.all()).contains("192.0.2.2");
    }
}
