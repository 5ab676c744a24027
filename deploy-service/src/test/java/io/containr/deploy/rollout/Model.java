package io.containr.deploy.rollout;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.DeployProperties.Patience;
import io.containr.deploy.deployment.BuildState;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.deployment.Phases;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Observed.Attempt;
import io.containr.deploy.rollout.Observed.Plan;
import io.containr.deploy.rollout.Observed.Serving;
import io.containr.deploy.route.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One service in memory: what the tables would hold, and what each step does to them. */
final class Model {

    static final Patience PATIENCE = new Patience(
            Duration.ofSeconds(1),
            Duration.ofMinutes(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5));
    static final Plan WEB = new Plan(true, true, false, Duration.ofSeconds(60));
    static final Plan DATABASE = new Plan(true, false, true, Duration.ofSeconds(60));

    private final Planner planner = new Planner(PATIENCE);
    private final ServiceId service = new ServiceId(new UUID(0, 1));
    int replicas;
    final Plan plan;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean exists = true;
    boolean running = true;
    long restarts;
    boolean forgotten;

    final List<Deployed> deployments = new ArrayList<>();
    final Map<InstanceId, Instance> instances =
            new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    final Map<String, Gateway> gateways = new TreeMap<>();
    final Map<Long, List<Target>> routes = new HashMap<>();
    final List<Step.Act> taken = new ArrayList<>();
    private long ids;
    private long generation;
    private long restartsSeen;
    private boolean stopped;
    private int kept = 1;
    private int inARow;
    private @Nullable Instant replacedAt;
    private Rollout.@Nullable Serving serving;
    private Rollout.PublishedRoute route = new Rollout.PublishedRoute(0, List.of(), null, null);
    private @Nullable ServiceState state;

    Model(int replicas) {
        this(replicas, WEB);
    }

    Model(int replicas, Plan plan) {
        this.plan = plan;
        this.replicas = replicas;
    }

    /** A deployment as its row would hold it. */
    static final class Deployed {
        final DeploymentId id;
        DeploymentStatus status = DeploymentStatus.PENDING;
        Instant since;

        @Nullable
        String reason;

        @Nullable
        Failure failure;

        BuildState build = BuildState.NONE;

        @Nullable
        Instant askedAt;

        @Nullable
        ReleaseId release;

        boolean pushed;

        Deployed(DeploymentId id, Instant since) {
            this.id = id;
            this.since = since;
        }
    }

    Deployed deploy(@Nullable ReleaseId release) {
        Deployed deployed = new Deployed(new DeploymentId(nextId()), now);
        deployed.release = release;
        deployments.add(deployed);
        return deployed;
    }

    private UUID nextId() {
        return new UUID(0, ++ids + 100);
    }

    Rollout.PublishedRoute route() {
        return route;
    }

    Rollout.@Nullable Serving serving() {
        return serving;
    }

    @Nullable
    ServiceState state() {
        return state;
    }

    Step decide() {
        Desired desired = exists ? new Desired(true, running, restarts, replicas) : Desired.DELETED;
        return planner.decide(desired, observed(), now);
    }

    Observed observed() {
        Rollout rollout = new Rollout(
                service,
                new ProjectId(new UUID(0, 2)),
                generation,
                serving,
                restartsSeen,
                stopped,
                kept,
                inARow,
                replacedAt,
                route,
                state,
                null);
        List<Deployed> ended =
                deployments.stream().filter(deployed -> deployed.status.ended()).toList();
        return new Observed(
                rollout,
                serving == null ? null : new Serving(serving.deployment(), plan),
                deployments.stream()
                        .filter(deployed -> !deployed.status.ended())
                        .map(this::attempt)
                        .toList(),
                List.copyOf(instances.values()),
                List.copyOf(gateways.values()),
                !ended.isEmpty() && ended.getLast().status == DeploymentStatus.FAILED);
    }

    private Attempt attempt(Deployed deployed) {
        return new Attempt(
                deployed.id,
                deployed.status,
                deployed.since,
                deployed.pushed,
                deployed.reason,
                deployed.build,
                deployed.askedAt,
                deployed.build == BuildState.FAILED ? new Failure("BUILD_FAILED", "It did not compile.") : null,
                deployed.release == null ? null : plan);
    }

    Deployed find(DeploymentId id) {
        return deployments.stream()
                .filter(deployed -> deployed.id.equals(id))
                .findFirst()
                .orElseThrow();
    }

    void take(Step.Act act) {
        taken.add(act);
        switch (act) {
            case Step.StartBuild step -> {
                Deployed deployed = find(step.deployment());
                deployed.build = BuildState.ASKED;
                deployed.askedAt = now;
                become(deployed, DeploymentStatus.QUEUED, null);
            }
            case Step.NoteBuilding step -> become(find(step.deployment()), DeploymentStatus.BUILDING, null);
            case Step.MakeRelease step -> find(step.deployment()).release = new ReleaseId(nextId());
            case Step.Queue step -> become(find(step.deployment()), DeploymentStatus.QUEUED, step.reason());
            case Step.StartRollout step -> {
                restartsSeen = restarts;
                become(find(step.deployment()), DeploymentStatus.DEPLOYING, "Starts its instances.");
                add(step.deployment(), 1);
            }
            case Step.ExtendRollout step -> add(step.deployment(), step.instances());
            case Step.Explain step -> find(step.deployment()).reason = step.reason();
            case Step.Complete step -> {
                Deployed deployed = find(step.deployment());
                serving = new Rollout.Serving(deployed.id, java.util.Objects.requireNonNull(deployed.release));
                kept = Math.max(1, (int) instances.values().stream()
                        .filter(instance ->
                                instance.wanted() && instance.deployment().equals(deployed.id))
                        .count());
                inARow = 0;
                replacedAt = null;
                route = new Rollout.PublishedRoute(route.generation(), route.targets(), null, route.publishedAt());
                end(deployed, DeploymentStatus.DEPLOYED, step.remark());
            }
            case Step.Fail step -> {
                find(step.deployment()).failure = step.failure();
                end(find(step.deployment()), DeploymentStatus.FAILED, null);
            }
            case Step.Cancel step -> end(find(step.deployment()), DeploymentStatus.CANCELLED, step.reason());
            case Step.Supersede step -> become(find(step.deployment()), DeploymentStatus.SUPERSEDED, null);
            case Step.Redeploy step -> {
                restartsSeen = restarts;
                deploy(java.util.Objects.requireNonNull(serving).release());
            }
            case Step.AcknowledgeRestart step -> restartsSeen = restarts;
            case Step.NoteStopped step -> {
                stopped = true;
                restartsSeen = restarts;
                generation++;
            }
            case Step.Scale step -> {
                kept = step.replicas();
                add(java.util.Objects.requireNonNull(serving).deployment(), step.instances());
            }
            case Step.Replace step -> {
                inARow = step.inARow();
                replacedAt = now;
                add(java.util.Objects.requireNonNull(serving).deployment(), step.instances());
            }
            case Step.PublishRoute step -> publish(step);
            case Step.WithdrawRoute step -> route = new Rollout.PublishedRoute(0, List.of(), null, null);
            case Step.RemoveInstances step -> step.instances().forEach(this::unwanted);
            case Step.Announce step -> state = step.state();
            case Step.Forget step -> {
                deployments.clear();
                forgotten = true;
            }
        }
    }

    private void publish(Step.PublishRoute step) {
        long next = routes.size() + 1L;
        routes.put(next, step.targets());
        route = new Rollout.PublishedRoute(next, step.targets(), step.owner(), now);
        step.targets()
                .forEach(target -> instances.computeIfPresent(
                        target.instance(), (id, old) -> copy(old, old.state(), old.wanted(), true)));
    }

    private void become(Deployed deployed, DeploymentStatus next, @Nullable String reason) {
        if (!deployed.status.mayBecome(next)) {
            throw new AssertionError(deployed.id + " cannot go from " + deployed.status + " to " + next);
        }
        if (deployed.status != next) {
            deployed.since = now;
        }
        deployed.status = next;
        deployed.reason = reason;
    }

    private void end(Deployed deployed, DeploymentStatus status, @Nullable String reason) {
        become(deployed, status, reason);
        stopped = false;
    }

    private void add(DeploymentId deployment, int count) {
        generation++;
        for (int i = 0; i < count; i++) {
            InstanceId id = new InstanceId(nextId());
            instances.put(
                    id,
                    new Instance(
                            id,
                            service,
                            deployment,
                            generation,
                            true,
                            now,
                            false,
                            false,
                            null,
                            InstanceState.PLANNED,
                            now,
                            null,
                            null,
                            null,
                            List.of(),
                            null,
                            Phases.NONE));
        }
    }

    private void unwanted(InstanceId id) {
        instances.computeIfPresent(id, (key, old) -> copy(old, old.state(), false, old.routed()));
    }

    /** What the agent says of an instance. */
    void observe(InstanceId id, InstanceState next) {
        if (plan.keepsVolume()) {
            takeTurns(id, next);
            return;
        }
        set(id, next);
    }

    /**
     * As the agent does it: the newest instance that is wanted and can start has the volume, and no other runs; one that goes or fails
     * gives it back.
     */
    private void takeTurns(InstanceId id, InstanceState next) {
        boolean runs = next == InstanceState.STARTED || next == InstanceState.HEALTHY;
        boolean overtaken = instances.values().stream()
                .anyMatch(other -> other.id().value().compareTo(id.value()) > 0 && canHaveVolume(other));
        if (runs && overtaken) {
            return;
        }
        if (runs) {
            List.copyOf(instances.values()).stream()
                    .filter(other -> !other.id().equals(id))
                    .filter(other -> other.state() == InstanceState.HEALTHY || other.state() == InstanceState.STARTED)
                    .forEach(other -> set(other.id(), InstanceState.UNHEALTHY));
        }
        set(id, next);
    }

    private static boolean canHaveVolume(Instance instance) {
        return instance.wanted()
                && switch (instance.state()) {
                    case STARTED, HEALTHY, UNHEALTHY -> true;
                    case PLANNED, FAILED, LOST -> false;
                };
    }

    /** Its node is being emptied, or no longer. */
    void leave(InstanceId id, boolean leaving) {
        instances.computeIfPresent(
                id,
                (key, old) -> new Instance(
                        old.id(),
                        old.service(),
                        old.deployment(),
                        old.generation(),
                        old.wanted(),
                        old.createdAt(),
                        old.routed(),
                        leaving,
                        old.removalAt(),
                        old.state(),
                        old.stateAt(),
                        old.address(),
                        old.port(),
                        old.failure(),
                        old.lastLines(),
                        old.lastExit(),
                        old.phases()));
    }

    private void set(InstanceId id, InstanceState next) {
        instances.computeIfPresent(id, (key, old) -> copy(old, next, old.wanted(), old.routed()));
    }

    private Instance copy(Instance old, InstanceState next, boolean wanted, boolean routed) {
        boolean up = next == InstanceState.HEALTHY || next == InstanceState.STARTED;
        return new Instance(
                old.id(),
                old.service(),
                old.deployment(),
                old.generation(),
                wanted,
                old.createdAt(),
                routed,
                old.leaving(),
                wanted ? null : now,
                next,
                next == old.state() ? old.stateAt() : now,
                up ? "10.0.0." + old.id().value().getLeastSignificantBits() : old.address(),
                up ? Integer.valueOf(8080) : old.port(),
                next.gone() ? new Failure("INSTANCE_FAILED", "It ended.") : null,
                List.of(),
                null,
                old.phases());
    }

    /** Steps until there is nothing to do for now. */
    Step settle() {
        for (int i = 0; i < 100; i++) {
            Step step = decide();
            if (!(step instanceof Step.Act act)) {
                return step;
            }
            take(act);
            if (forgotten) {
                return new Step.Settled();
            }
        }
        throw new AssertionError("not at rest after 100 steps: " + taken.subList(taken.size() - 10, taken.size()));
    }
}
