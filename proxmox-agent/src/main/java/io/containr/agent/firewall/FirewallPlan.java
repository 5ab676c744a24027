package io.containr.agent.firewall;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.FirewallRule;
import io.containr.agent.session.IntakeAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The rules of a guest: the gateway, the agent and the guest's own project get in; the guest gets out to everything but the
 * hypervisor's and the control plane's addresses, of which it needs a few ports. One that is isolated has nothing to do with anybody else.
 */
@Component
class FirewallPlan {

    /** The guest's own set of its project's addresses, and of who else is let in. */
    static final String PROJECT = "containr-project";

    private static final int DNS = 53;

    /** A rule takes 512 characters. */
    private static final int ADDRESSES_IN_A_RULE = 30;

    private final AgentProperties.Network network;
    private final List<String> nameservers;
    private final IntakeAddress intake;

    FirewallPlan(AgentProperties properties, IntakeAddress intake) {
        this.network = properties.network();
        this.nameservers = properties.guests().nameservers();
        this.intake = intake;
    }

    /** @param kept addresses that guests have no business with */
    List<FirewallRule> rules(Set<String> kept) {
        List<FirewallRule> rules = new ArrayList<>();
        rules.add(FirewallRule.from(String.join(",", trusted()), "gateway and agent"));
        rules.add(FirewallRule.from("+" + PROJECT, "own project"));
        rules.add(port(intake.hostAndPort(), "agent"));
        for (String nameserver : nameservers) {
            rules.add(FirewallRule.to(nameserver, "udp", DNS, "names"));
            rules.add(FirewallRule.to(nameserver, "tcp", DNS, "names"));
        }
        network.reachable().forEach(service -> rules.add(port(service, "reachable")));
        List<String> forbidden = List.copyOf(new TreeSet<>(kept));
        for (int first = 0; first < forbidden.size(); first += ADDRESSES_IN_A_RULE) {
            rules.add(FirewallRule.notTo(
                    String.join(",", forbidden.subList(first, Math.min(first + ADDRESSES_IN_A_RULE, forbidden.size()))),
                    "hypervisor and control plane"));
        }
        rules.add(FirewallRule.notTo("::/0", "guests have IPv4 alone"));
        return rules;
    }

    /** Of a guest that nothing but the gateway and the agent reach, and that reaches nothing but the agent. */
    List<FirewallRule> isolating() {
        return List.of(
                FirewallRule.from(String.join(",", trusted()), "gateway and agent"),
                port(intake.hostAndPort(), "agent"),
                FirewallRule.notTo("0.0.0.0/0", "isolated"),
                FirewallRule.notTo("::/0", "isolated"));
    }

    /**
     * What the set has. A network of one address is that address to Proxmox VE, and what lies in another network is left out: not every
     * packet filter takes sets that overlap.
     */
    static List<String> callers(List<String> members, List<String> admitted) {
        List<IPAddress> all = Stream.concat(members.stream(), admitted.stream())
                .map(text -> new IPAddressString(text).getAddress().toPrefixBlock())
                .map(block -> block.isMultiple() ? block : block.withoutPrefixLength())
                .distinct()
                .toList();
        return all.stream()
                .filter(one -> all.stream().noneMatch(other -> !other.equals(one) && other.contains(one)))
                .map(IPAddress::toCanonicalString)
                .toList();
    }

    private List<String> trusted() {
        return network.trusted().isEmpty() ? List.of(network.gateway()) : network.trusted();
    }

    private static FirewallRule port(String hostAndPort, String comment) {
        int colon = hostAndPort.lastIndexOf(':');
        int port = Integer.parseInt(hostAndPort.substring(colon + 1));
        try {
            String address =
                    InetAddress.getByName(hostAndPort.substring(0, colon)).getHostAddress();
            return FirewallRule.to(address, "tcp", port, comment);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("guests cannot be let through to " + hostAndPort, e);
        }
    }
}
