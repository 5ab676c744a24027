package io.containr.agent.operator;

import io.containr.agent.instance.OnNodes;
import io.containr.agent.instance.OnNodes.Resident;
import io.containr.agent.placement.DrainedNodes;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.runtime.web.ApiException;
import java.util.List;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.stereotype.Component;

/** The cluster's nodes, what of ours is on each, and whether it is being emptied. */
@Component
@Endpoint(id = "nodes")
class NodesEndpoint {

    private final Proxmox proxmox;
    private final DrainedNodes drained;
    private final OnNodes residents;

    NodesEndpoint(Proxmox proxmox, DrainedNodes drained, OnNodes residents) {
        this.proxmox = proxmox;
        this.drained = drained;
        this.residents = residents;
    }

    /**
     * A node.
     *
     * @param maintenance whether the cluster says so
     * @param draining whether it is being emptied
     * @param volumes how many lie there, with or without an instance
     * @param instances those that are there, or have their place there
     */
    record Node(
            String name,
            boolean online,
            boolean maintenance,
            boolean draining,
            int volumes,
            List<Resident> instances) {}

    @ReadOperation
    List<Node> nodes() {
        List<ClusterView.Node> nodes = proxmox.nodes();
        Set<String> draining = drained.among(nodes);
        return nodes.stream().map(node -> shown(node, draining)).toList();
    }

    @ReadOperation
    Node node(@Selector String node) {
        ClusterView.Node known = known(node);
        return shown(known, drained.among(List.of(known)));
    }

    /** Empty the node: nothing new is placed there, and what has no data there is moved. */
    @WriteOperation
    Node drain(@Selector String node) {
        ClusterView.Node known = known(node);
        drained.add(node);
        return shown(known, drained.among(List.of(known)));
    }

    @DeleteOperation
    Node undrain(@Selector String node) {
        drained.remove(node);
        ClusterView.Node known = known(node);
        return shown(known, drained.among(List.of(known)));
    }

    private Node shown(ClusterView.Node node, Set<String> draining) {
        return new Node(
                node.name(),
                node.online(),
                node.maintenance(),
                draining.contains(node.name()),
                residents.volumes(node.name()),
                residents.of(node.name()));
    }

    private ClusterView.Node known(String name) {
        return proxmox.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("Node"));
    }
}
