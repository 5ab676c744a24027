package io.containr.agent.placement;

import io.containr.agent.AgentProperties;
import io.containr.agent.placement.NodeChoice.Choice;
import io.containr.agent.placement.NodeChoice.Obstacle;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final DrainedNodes drained;
    private final AgentProperties properties;
    private final AtomicInteger proposed = new AtomicInteger();

    Placement(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Proxmox proxmox,
            DrainedNodes drained,
            AgentProperties properties) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.proxmox = proxmox;
        this.drained = drained;
        this.properties = properties;
    }

    /** Why nothing can ever be placed in the region, as its nodes are now; null is anywhere. */
    public Optional<String> withoutNodes(@Nullable String region) {
        if (region == null) {
            return Optional.empty();
        }
        List<String> named = properties.regions().get(region);
        if (named == null) {
            return Optional.of("There is no region " + region);
        }
        List<ClusterView.Node> members = proxmox.nodes();
        // A token that lacks a right for the moment sees none at all.
        return members.isEmpty() || members.stream().anyMatch(node -> named.contains(node.name()))
                ? Optional.empty()
                : Optional.of("The region " + region + " has no node: the cluster has none called "
                        + String.join(" or ", named));
    }

    /** Chooses a node for the instance and stores it; says why where none can take it. */
    public Optional<String> place(InstanceSpec spec) {
        Optional<String> home = homeOfVolume(spec);
        List<ClusterView.Node> nodes = proxmox.nodes();
        return transaction.execute(status -> {
            lock();
            NodeChoice.Demand demand = new NodeChoice.Demand(
                    home.map(List::of).orElseGet(() -> region(spec)),
                    spec.resources().memoryMiB(),
                    spec.resources().cpuMillis(),
                    stocked(spec));
            // What has its data on a node that is being emptied can be nowhere else.
            Set<String> closed = home.isPresent() ? Set.of() : drained.among(nodes);
            return switch (NodeChoice.choose(nodes, demand, closed, loads(spec))) {
                case Choice.On chosen -> {
                    jdbc.sql("update instance set node = :node where id = :id")
                            .param("node", chosen.node())
                            .param("id", spec.instance().value())
                            .update();
                    yield Optional.<String>empty();
                }
                case Choice.Nowhere nowhere -> Optional.of(reason(nowhere.obstacle(), spec, home));
            };
        });
    }

    /** Promises an instance the memory that its specification says by now, on the node where it is; says why where there is no room. */
    public Optional<String> promiseGrowth(InstanceId instance, String node) {
        List<ClusterView.Node> nodes = proxmox.nodes();
        return transaction.execute(status -> {
            lock();
            Optional<Integer> more = jdbc.sql("""
                            select (spec::jsonb -> 'resources' ->> 'memoryMiB')::int - held_memory_mib from instance
                            where id = :id and held_memory_mib is not null""")
                    .param("id", instance.value())
                    .query(Integer.class)
                    .optional();
            if (more.isEmpty()) {
                return Optional.<String>empty();
            }
            List<NodeChoice.Load> loads = jdbc.sql("select memory_mib, cpu_millis from node_load where node = :node")
                    .param("node", node)
                    .query((row, i) ->
                            new NodeChoice.Load(node, row.getLong("memory_mib"), row.getLong("cpu_millis"), 0))
                    .list();
            NodeChoice.Demand demand = new NodeChoice.Demand(List.of(node), more.get(), 0, Set.of());
            return switch (NodeChoice.choose(nodes, demand, Set.of(), loads)) {
                case Choice.On here -> {
                    jdbc.sql("update instance set held_memory_mib = null where id = :id")
                            .param("id", instance.value())
                            .update();
                    yield Optional.<String>empty();
                }
                case Choice.Nowhere nowhere ->
                    Optional.of("the node " + node
                            + (nowhere.obstacle() == Obstacle.OFFLINE
                                    ? " is offline"
                                    : " does not have another " + more.get() + " MiB of free memory"));
            };
        });
    }

    private void lock() {
        jdbc.sql("select pg_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query((row, i) -> 1)
                .single();
    }

    private static String reason(Obstacle obstacle, InstanceSpec spec, Optional<String> home) {
        String which = home.map(node -> "the node " + node + ", where its volume is, ")
                .orElseGet(() -> spec.region() == null ? "no node " : "no node of the region " + spec.region() + " ");
        boolean no = home.isEmpty();
        return which
                + switch (obstacle) {
                    case OFFLINE -> no ? "is online" : "is offline";
                    case CLOSED -> "takes new guests: those that are online are being emptied";
                    case FULL ->
                        (no ? "has " : "does not have ") + spec.resources().memoryMiB() + " MiB of free memory";
                };
    }

    /** Where its volume lies already, there it has to go. */
    private Optional<String> homeOfVolume(InstanceSpec spec) {
        return spec.volume() == null
                ? Optional.empty()
                : jdbc.sql("select node from volume where service_id = :service and node is not null")
                        .param("service", spec.service().value())
                        .query(String.class)
                        .optional();
    }

    private List<String> region(InstanceSpec spec) {
        return spec.region() == null ? List.of() : properties.regions().getOrDefault(spec.region(), List.of());
    }

    /**
     * Where its image is, or is on its way to, as long as no more guests wait to be made there than are made at once: after that, another
     * node has the image before this one has the time.
     */
    private Set<String> stocked(InstanceSpec spec) {
        return Set.copyOf(jdbc.sql("""
                        select distinct node from template
                        where digest = :digest and state <> 'DELETING' and (
                            select count(*) from instance
                            where instance.node = template.node and id <> :self
                                and phase in ('ACCEPTED', 'PLACED', 'PULLED', 'CREATED', 'CONFIGURED')) < :atOnce""")
                .param("digest", spec.image().digest())
                .param("self", spec.instance().value())
                .param("atOnce", properties.guests().tasksPerNode())
                .query(String.class)
                .list());
    }

    /**
     * Instances with one volume take turns, so the others of the service need no room beside this one. Only replicas of the same
     * deployment are to be apart: those of the one before it go.
     */
    private List<NodeChoice.Load> loads(InstanceSpec spec) {
        return jdbc.sql("""
                select promised.node, promised.memory_mib - coalesce(own.memory, 0) as memory,
                       promised.cpu_millis - coalesce(own.cpu, 0) as cpu, coalesce(own.replicas, 0) as replicas
                from node_load promised left join (
                    select node, coalesce(sum(coalesce(held_memory_mib, (spec::jsonb -> 'resources' ->> 'memoryMiB')::bigint)) filter (where :turns), 0)
                               as memory,
                           coalesce(sum((spec::jsonb -> 'resources' ->> 'cpuMillis')::bigint) filter (where :turns), 0) as cpu,
                           count(*) filter (where desired = 'RUNNING' and deployment_id = :deployment and not :turns) as replicas
                    from instance where service_id = :service and node is not null and phase <> 'REMOVED'
                    group by node) own on own.node = promised.node""")
                .param("service", spec.service().value())
                .param("deployment", spec.deployment().value())
                .param("turns", spec.volume() != null)
                .query((row, i) -> new NodeChoice.Load(
                        row.getString("node"), row.getLong("memory"), row.getLong("cpu"), row.getInt("replicas")))
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
        int last = properties.guests().lastVmid();
        int size = last - first + 1;
        int start = firstProposal(first, last);
        return IntStream.iterate(0, offset -> offset < size, offset -> offset + GUESSES)
                .mapToObj(offset -> free(first, size, start + offset, Math.min(GUESSES, size - offset)))
                .flatMap(List::stream)
                .limit(GUESSES)
                .filter(proxmox::isFree)
                .filter(vmid -> store(instance, vmid))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free number between " + first + " and " + last));
    }

    /** Above all numbers that were ever given away, and another for each who asks at the same time. */
    private int firstProposal(int first, int last) {
        int highest = jdbc.sql("select coalesce(max(vmid), :before) from instance where vmid between :first and :last")
                .param("before", first - 1)
                .param("first", first)
                .param("last", last)
                .query(Integer.class)
                .single();
        return proposed.updateAndGet(before -> before > highest && before < last ? before + 1 : highest + 1);
    }

    /** Those of a stretch of the range, which is a circle, that nobody of us has. */
    private List<Integer> free(int first, int size, int from, int count) {
        List<Integer> stretch = IntStream.range(from, from + count)
                .mapToObj(vmid -> first + Math.floorMod(vmid - first, size))
                .toList();
        Set<Integer> taken = Set.copyOf(jdbc.sql("""
                        select vmid from instance where vmid = any (:stretch) and phase <> 'REMOVED'
                        union select vmid from volume where vmid = any (:stretch)""")
                .param("stretch", stretch.toArray(Integer[]::new))
                .query(Integer.class)
                .list());
        return stretch.stream().filter(vmid -> !taken.contains(vmid)).toList();
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
