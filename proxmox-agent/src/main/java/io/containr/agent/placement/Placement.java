package io.containr.agent.placement;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides where a guest goes and writes it down, so that two decisions at once see each other. */
@Component
public class Placement {

    private static final long LOCK = 0x434f4e54504c4143L;
    private static final int GUESSES = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Proxmox proxmox;
    private final AgentProperties properties;

    Placement(JdbcClient jdbc, TransactionTemplate transaction, Proxmox proxmox, AgentProperties properties) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.proxmox = proxmox;
        this.properties = properties;
    }

    /** Whether there is such a region; null is anywhere. */
    public boolean knowsRegion(@Nullable String region) {
        return region == null || properties.regions().containsKey(region);
    }

    /** Chooses a node for the instance and stores it; empty where none has room. */
    public Optional<String> place(InstanceSpec spec) {
        List<String> allowed = allowed(spec);
        ClusterView view = proxmox.cluster();
        return transaction.execute(status -> {
            jdbc.sql("select pg_advisory_xact_lock(:lock)")
                    .param("lock", LOCK)
                    .query((row, i) -> 1)
                    .single();
            Optional<String> node = NodeChoice.choose(
                    view, allowed, loads(spec), spec.resources().memoryMiB());
            node.ifPresent(name -> jdbc.sql("update instance set node = :node where id = :id")
                    .param("node", name)
                    .param("id", spec.instance().value())
                    .update());
            return node;
        });
    }

    /** Where its volume lies already, there it has to go. */
    private List<String> allowed(InstanceSpec spec) {
        Optional<String> there = spec.volume() == null
                ? Optional.empty()
                : jdbc.sql("select node from volume where service_id = :service and node is not null")
                        .param("service", spec.service().value())
                        .query(String.class)
                        .optional();
        return there.map(List::of)
                .orElseGet(() -> spec.region() == null
                        ? List.of()
                        : properties.regions().getOrDefault(spec.region(), List.of()));
    }

    /** Instances with one volume take turns, so the others of the service need no room beside this one. */
    private List<NodeChoice.Load> loads(InstanceSpec spec) {
        return jdbc.sql("""
                select node, coalesce(sum((spec::jsonb -> 'resources' ->> 'memoryMiB')::int), 0) as memory,
                       count(*) filter (where service_id = :service and desired = 'RUNNING') as replicas
                from instance where node is not null and phase <> 'REMOVED' and not (service_id = :service and :turns)
                group by node""")
                .param("service", spec.service().value())
                .param("turns", spec.volume() != null)
                .query((row, i) ->
                        new NodeChoice.Load(row.getString("node"), row.getLong("memory"), row.getInt("replicas")))
                .list();
    }

    /**
     * Chooses a number that is free now and stores it. Nobody else of us gets it; somebody else's guest still may, in which
     * case this is called again.
     *
     * @throws IllegalStateException if the range is used up
     */
    public int reserveVmid(InstanceId instance) {
        int first = properties.guests().firstVmid();
        int size = properties.guests().lastVmid() - first + 1;
        Set<Integer> taken = new TreeSet<>(jdbc.sql("""
                        select vmid from instance where vmid is not null and phase <> 'REMOVED'
                        union select vmid from volume where vmid is not null""").query(Integer.class).list());
        int start = jdbc.sql("select coalesce(max(vmid), :before) from instance where vmid between :first and :last")
                        .param("before", first - 1)
                        .param("first", first)
                        .param("last", properties.guests().lastVmid())
                        .query(Integer.class)
                        .single()
                + 1;
        return IntStream.range(0, size)
                .map(offset -> first + Math.floorMod(start - first + offset, size))
                .filter(vmid -> !taken.contains(vmid))
                .limit(GUESSES)
                .filter(proxmox::isFree)
                .filter(vmid -> store(instance, vmid))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free number between " + first + " and "
                        + properties.guests().lastVmid()));
    }

    private boolean store(InstanceId instance, int vmid) {
        try {
            jdbc.sql("update instance set vmid = :vmid where id = :id")
                    .param("vmid", vmid)
                    .param("id", instance.value())
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }
}
