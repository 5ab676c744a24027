package io.containr.proxmox.conformance;

import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import io.containr.simulator.fault.Faults;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cluster to examine, and what of it may be used.
 *
 * @param token {@code user@realm!tokenid=secret}, of the rights that the agent has
 * @param templateStorage takes {@code vztmpl}
 * @param rootStorage for root disks and volumes; able to take snapshots
 * @param directoryStorage one whose volumes cannot be snapshotted, null: there is none
 * @param backupStorage takes {@code backup}
 * @param address free, with prefix length, such as {@code 10.90.0.50/24}
 * @param registry host, port and perhaps path, from which the node pulls and to which we push
 * @param firstVmid the first of ten numbers that are the suite's alone
 * @param taskPatience how long a task may take
 * @param reachable whether guests can be called from here
 * @param faults switches of a simulator, null: a real cluster
 */
public record Target(
        Endpoint endpoint,
        String token,
        String node,
        String pool,
        String templateStorage,
        String rootStorage,
        @Nullable String directoryStorage,
        String backupStorage,
        String bridge,
        String address,
        String gateway,
        String registry,
        int firstVmid,
        Duration taskPatience,
        boolean reachable,
        @Nullable Faults faults) {

    static final int VMIDS = 10;

    /** Not the token. */
    @Override
    public String toString() {
        return endpoint.url() + ", node " + node + ", pool " + pool;
    }
}
