package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.upkeep.Chore;
import io.containr.contracts.Failure;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at everything that was healthy once: one question to the cluster for all guests, one health check each. A guest
 * that stopped is left to the loop, which starts it again; a node that stays away takes its instances with it.
 */
@Component
class RunningWatch implements Chore {

    private static final Logger log = LoggerFactory.getLogger(RunningWatch.class);
    private static final int PROBES_AT_ONCE = 64;
    private static final Duration LONG_UNSEEN = Duration.ofSeconds(30);

    /** They have a node, and nobody has ever seen them healthy. */
    private static final Set<Phase> COMING =
            EnumSet.of(Phase.PLACED, Phase.PULLED, Phase.CREATED, Phase.CONFIGURED, Phase.STARTED);

    private final Instances instances;
    private final Transitions transitions;
    private final Proxmox proxmox;
    private final HealthProbe health;
    private final WorkQueue instanceQueue;
    private final AgentProperties.Watch settings;
    private final Clock clock;
    private final Map<InstanceId, Integer> failures = new ConcurrentHashMap<>();
    private final Map<String, Instant> awaySince = new ConcurrentHashMap<>();
    private volatile Instant looked = Instant.EPOCH;

    RunningWatch(
            Instances instances,
            Transitions transitions,
            Proxmox proxmox,
            HealthProbe health,
            WorkQueue instanceQueue,
            AgentProperties properties,
            Clock clock) {
        this.instances = instances;
        this.transitions = transitions;
        this.proxmox = proxmox;
        this.health = health;
        this.instanceQueue = instanceQueue;
        this.settings = properties.watch();
        this.clock = clock;
    }

    @Override
    public String name() {
        return "running";
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    @Override
    public void run() {
        Optional<ClusterView> view = cluster();
        view.ifPresent(this::noteNodes);
        Optional<Set<Integer>> up = view.map(RunningWatch::notStopped);
        Set<String> lost = lostNodes();
        failThoseOnTheirWayTo(lost);
        List<Instance> running = wanted(EnumSet.of(Phase.HEALTHY, Phase.UNHEALTHY));
        Set<InstanceId> known = running.stream().map(Instance::id).collect(Collectors.toUnmodifiableSet());
        failures.keySet().retainAll(known);
        Semaphore slots = new Semaphore(PROBES_AT_ONCE);
        try (ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Instance instance : running) {
                looks.execute(() -> {
                    slots.acquireUninterruptibly();
                    try {
                        Origins.run(instance.origin(), () -> look(instance, lost, up));
                    } catch (RuntimeException e) {
                        log.warn("Instance {} could not be looked at", instance.id(), e);
                    } finally {
                        slots.release();
                    }
                });
            }
        }
    }

    private List<Instance> wanted(Set<Phase> phases) {
        return instances.inPhases(phases).stream()
                .filter(instance -> instance.desired() instanceof Desired.Running)
                .toList();
    }

    /** Without an answer there is still the health check, which needs no hypervisor. */
    private Optional<ClusterView> cluster() {
        try {
            return Optional.of(proxmox.cluster());
        } catch (ProxmoxException e) {
            log.warn("The cluster does not say how its guests are: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Where nobody looked here for long, since another copy of the agent did or the cluster did not answer, a node may have been back. */
    private void noteNodes(ClusterView view) {
        Instant now = clock.instant();
        Duration longUnseen = settings.nodeGrace().compareTo(LONG_UNSEEN) > 0 ? settings.nodeGrace() : LONG_UNSEEN;
        if (looked.plus(longUnseen).isBefore(now)) {
            awaySince.clear();
        }
        looked = now;
        for (ClusterView.Node node : view.nodes()) {
            if (node.online()) {
                awaySince.remove(node.name());
            } else {
                awaySince.putIfAbsent(node.name(), now);
            }
        }
    }

    private Set<String> lostNodes() {
        Instant before = clock.instant().minus(settings.nodeGrace());
        return awaySince.entrySet().stream()
                .filter(away -> away.getValue().isBefore(before))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** There is no sense in waiting for what was to become of them there. */
    private void failThoseOnTheirWayTo(Set<String> lost) {
        if (lost.isEmpty()) {
            return;
        }
        wanted(COMING).stream()
                .filter(instance -> lost.contains(instance.location().nodeName()))
                .forEach(instance -> Origins.run(
                        instance.origin(),
                        () -> nodeLost(instance, instance.location().nodeName())));
    }

    private static Set<Integer> notStopped(ClusterView view) {
        return view.guests().stream()
                .filter(guest -> !guest.status().equals("stopped"))
                .map(ClusterView.Guest::vmid)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @param up numbers of guests that are not stopped, empty where the cluster did not say */
    private void look(Instance instance, Set<String> lost, Optional<Set<Integer>> up) {
        String node = instance.location().nodeName();
        Instant away = awaySince.get(node);
        if (lost.contains(node)) {
            nodeLost(instance, node);
            return;
        }
        boolean stopped = up.isPresent()
                && away == null
                && !up.get().contains(instance.location().guest());
        if (stopped) {
            instanceQueue.wake(instance.id());
        }
        if (stopped && instance.phase() == Phase.UNHEALTHY) {
            return;
        }
        judge(instance, health.problem(instance.wanted(), instance.location().ip()));
    }

    /** Another instance would not have its volume: it stays, and its node's return brings it back. */
    private void nodeLost(Instance instance, String node) {
        String reason = "The node " + node + " does not answer any more";
        if (!instance.keepsVolume()) {
            transitions.fail(instance, new Failure("NODE_LOST", reason));
        } else if (instance.phase() == Phase.HEALTHY) {
            transitions.becomeUnhealthy(instance, reason + "; its volume is there");
        }
    }

    private void judge(Instance instance, Optional<String> problem) {
        if (problem.isEmpty()) {
            failures.remove(instance.id());
            if (instance.phase() == Phase.UNHEALTHY) {
                transitions.enter(instance, Phase.HEALTHY);
            }
            return;
        }
        int inARow = failures.merge(instance.id(), 1, Integer::sum);
        if (instance.phase() == Phase.HEALTHY && inARow >= settings.failures()) {
            transitions.becomeUnhealthy(instance, problem.get());
        }
    }
}
