package io.containr.agent.firewall;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFirewall;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The addresses that guests have no business with: every node's, the one of the API, this machine's own, the network's gateway, and
 * what the settings name. A node that cannot be asked keeps those that it had; where it had none nobody knows what guests must not reach.
 */
@Component
class KeptAddresses {

    private static final Logger log = LoggerFactory.getLogger(KeptAddresses.class);
    private static final Duration KNOWN = Duration.ofMinutes(10);

    private final Proxmox proxmox;
    private final ProxmoxFirewall firewall;
    private final AgentProperties properties;
    private final Clock clock;
    private final Map<String, Set<String>> nodes = new ConcurrentHashMap<>();
    private volatile Map<String, ProxmoxException> unheard = Map.of();
    private volatile Instant asked = Instant.MIN;

    KeptAddresses(Proxmox proxmox, ProxmoxFirewall firewall, AgentProperties properties, Clock clock) {
        this.proxmox = proxmox;
        this.firewall = firewall;
        this.properties = properties;
        this.clock = clock;
    }

    /** @throws ProxmoxException if a node that is there has never told its addresses */
    Set<String> all() {
        Set<String> all = new TreeSet<>(properties.network().denied());
        all.add(properties.network().gateway());
        all.addAll(ofHost(properties.proxmox().url().getHost()));
        all.addAll(ofThisMachine());
        if (asked.equals(Instant.MIN)) {
            refresh();
        }
        unheard.values().stream().findFirst().ifPresent(refusal -> {
            throw refusal;
        });
        nodes.values().forEach(all::addAll);
        all.removeIf(address -> address.startsWith("127."));
        return all;
    }

    /** Asks the nodes again, if that was not done lately. */
    synchronized void refresh() {
        if (asked.isAfter(clock.instant().minus(KNOWN))) {
            return;
        }
        boolean complete = true;
        Map<String, ProxmoxException> silent = new HashMap<>();
        for (ClusterView.Node node : proxmox.nodes()) {
            try {
                if (node.online()) {
                    nodes.put(node.name(), firewall.addresses(node.name()));
                }
            } catch (ProxmoxException e) {
                complete = false;
                if (!nodes.containsKey(node.name())) {
                    silent.put(node.name(), e);
                }
                log.warn("The addresses of node {} are not known now: {}", node.name(), e.getMessage());
            }
        }
        unheard = silent;
        if (complete) {
            asked = clock.instant();
        }
    }

    private static Set<String> ofHost(String host) {
        try {
            return addresses(Arrays.asList(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            log.warn("The address of {} is not known now", host);
            return Set.of();
        }
    }

    private static Set<String> ofThisMachine() {
        try {
            return addresses(NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList());
        } catch (SocketException e) {
            throw new IllegalStateException("this machine does not tell its addresses", e);
        }
    }

    private static Set<String> addresses(Iterable<InetAddress> found) {
        Set<String> addresses = new TreeSet<>();
        for (InetAddress address : found) {
            if (address instanceof Inet4Address) {
                addresses.add(address.getHostAddress());
            }
        }
        return addresses;
    }
}
