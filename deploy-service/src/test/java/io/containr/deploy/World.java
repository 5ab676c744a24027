package io.containr.deploy;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent.GatewayAlive;
import io.containr.contracts.route.RouteEvent.GatewayStopped;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plays build-service, proxmox-agent and one gateway. Each does its duty at once, unless a test takes it into its own hands
 * for one service.
 */
final class World implements AutoCloseable {

    static final String GATEWAY = "gateway-1";

    final TestMessages messages = new TestMessages();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final AtomicInteger addresses = new AtomicInteger();
    private final Set<ServiceId> manualBuilds = ConcurrentHashMap.newKeySet();
    private final Set<ServiceId> manualInstances = ConcurrentHashMap.newKeySet();
    private final Set<ServiceId> manualRoutes = ConcurrentHashMap.newKeySet();
    private final Map<InstanceId, InstanceSpec> specs = new ConcurrentHashMap<>();
    private final Map<Class<?>, Integer> seen = new HashMap<>();
    private volatile boolean gatewayRuns = true;

    World() {
        clock.scheduleWithFixedDelay(this::work, 0, 5, TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(this::signOfLife, 0, 500, TimeUnit.MILLISECONDS);
    }

    void buildByHand(ServiceId service) {
        manualBuilds.add(service);
    }

    void runByHand(ServiceId service) {
        manualInstances.add(service);
    }

    void runByItself(ServiceId service) {
        manualInstances.remove(service);
    }

    void routeByHand(ServiceId service) {
        manualRoutes.add(service);
    }

    void stopGateway() {
        gatewayRuns = false;
        messages.publish(new GatewayStopped(GATEWAY, Instant.now()), GATEWAY);
    }

    void startGateway() {
        gatewayRuns = true;
        signOfLife();
    }

    private void signOfLife() {
        if (gatewayRuns) {
            messages.publish(new GatewayAlive(GATEWAY, Instant.now()), GATEWAY);
        }
    }

    private void work() {
        fresh(StartBuild.class).stream()
                .filter(build -> !manualBuilds.contains(build.service()))
                .forEach(build -> {
                    started(build);
                    succeeded(build);
                });
        fresh(EnsureInstance.class).forEach(command -> {
            specs.put(command.instance(), command.spec());
            if (!manualInstances.contains(command.spec().service())) {
                healthy(command.spec());
            }
        });
        fresh(RemoveInstance.class).forEach(command -> removed(command.instance(), command.service()));
        fresh(Route.class).stream()
                .filter(route -> gatewayRuns && !manualRoutes.contains(route.service()))
                .forEach(this::served);
    }

    private synchronized <T> List<T> fresh(Class<T> type) {
        List<T> all = messages.all(type);
        List<T> fresh = new ArrayList<>(all.subList(seen.getOrDefault(type, 0), all.size()));
        seen.put(type, all.size());
        return fresh;
    }

    void started(StartBuild build) {
        messages.publish(
                new BuildStarted(build.build(), build.deployment(), build.service(), build.project()), build.service());
    }

    void succeeded(StartBuild build) {
        messages.publish(success(build, image(build.build().value())), build.service());
    }

    static BuildSucceeded success(StartBuild build, PreparedImage image) {
        String commit =
                build.commit() == null ? "c0ffee" + build.build().toString().substring(28) : build.commit();
        return new BuildSucceeded(
                build.build(),
                build.deployment(),
                build.service(),
                build.project(),
                image,
                new Commit(commit, "Say hello", "Ada <ada@example.com>"),
                Map.of("clone", Duration.ofMillis(20), "build", Duration.ofMillis(300)));
    }

    void failed(StartBuild build, Failure failure) {
        messages.publish(
                new BuildFailed(build.build(), build.deployment(), build.service(), build.project(), failure),
                build.service());
    }

    static PreparedImage image(UUID seed) {
        String hash = seed.toString().replace("-", "").repeat(2);
        return new PreparedImage(
                "registry.test/s/app",
                hash,
                "sha256:" + hash,
                1234,
                new PreparedImage.Config(
                        List.of("/app"), List.of(), Map.of(), "", "/", "SIGTERM", List.of(), List.of(), "amd64"));
    }

    void running(InstanceSpec spec) {
        messages.publish(new InstanceStarted(instance(spec), "pve1", 100, "10.0.0.9"), spec.service());
    }

    void healthy(InstanceSpec spec) {
        running(spec);
        messages.publish(becameHealthy(spec), spec.service());
    }

    InstanceBecameHealthy becameHealthy(InstanceSpec spec) {
        return new InstanceBecameHealthy(
                instance(spec),
                "10.0.0." + (1 + addresses.incrementAndGet() % 250),
                spec.port(),
                Map.of("pull", Duration.ofMillis(10), "start", Duration.ofMillis(20)));
    }

    void broken(InstanceSpec spec, Failure failure, String... lastLines) {
        messages.publish(new InstanceFailed(instance(spec), failure, List.of(lastLines)), spec.service());
    }

    private void removed(InstanceId id, ServiceId service) {
        InstanceSpec spec = specs.get(id);
        AgentEvent.Instance instance = spec != null
                ? instance(spec)
                : new AgentEvent.Instance(id, service, new ProjectId(Ids.next()), null, 0);
        messages.publish(new InstanceRemoved(instance), service);
    }

    static AgentEvent.Instance instance(InstanceSpec spec) {
        return new AgentEvent.Instance(
                spec.instance(), spec.service(), spec.project(), spec.deployment(), spec.generation());
    }

    void served(Route route) {
        messages.publish(new RouteServed(GATEWAY, route.host(), route.generation(), Instant.now()), GATEWAY);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        messages.close();
    }
}
