package io.containr.deploy.rollout;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.deployment.BuildState;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Model.Deployed;
import io.containr.deploy.route.Gateway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What goes on around a {@link Model}: builds end, instances come, fall ill and go, gateways serve or fall silent. */
final class ModelWorld {

    static final String GATEWAY = "a";

    private final Model model;

    ModelWorld(Model model) {
        this.model = model;
    }

    /** Something happens, good or bad. */
    void disturb(RandomGenerator random) {
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> build(random);
            case 3, 4, 5, 6 -> instance(random);
            case 7 -> alive(random.nextBoolean() ? GATEWAY : "b");
            case 8, 9 -> serve(random.nextBoolean() ? GATEWAY : "b");
            case 10 -> model.gateways.remove(random.nextBoolean() ? GATEWAY : "b");
            case 14 -> nodeIsEmptied(random);
            case 11 -> model.now = model.now.plusSeconds(random.nextInt(1, 400));
            default -> model.now = model.now.plusMillis(random.nextInt(1, 2_000));
        }
    }

    private void build(RandomGenerator random) {
        model.deployments.stream()
                .filter(deployed -> deployed.build == BuildState.ASKED || deployed.build == BuildState.STARTED)
                .findFirst()
                .ifPresent(deployed -> deployed.build = switch (random.nextInt(8)) {
                    case 0 -> BuildState.FAILED;
                    case 1 -> BuildState.CANCELLED;
                    case 2, 3, 4 -> BuildState.STARTED;
                    default -> BuildState.SUCCEEDED;
                });
    }

    private void instance(RandomGenerator random) {
        if (model.instances.isEmpty()) {
            return;
        }
        List<Instance> all = List.copyOf(model.instances.values());
        Instance instance = all.get(random.nextInt(all.size()));
        if (!instance.wanted()) {
            model.instances.remove(instance.id());
            return;
        }
        if (instance.state().gone()) {
            return;
        }
        boolean wasHealthy = instance.state() == InstanceState.HEALTHY;
        InstanceState next = switch (random.nextInt(10)) {
            case 0 -> InstanceState.FAILED;
            case 1 -> InstanceState.LOST;
            case 2 -> wasHealthy ? InstanceState.UNHEALTHY : instance.state();
            case 3, 4 -> instance.state() == InstanceState.PLANNED ? InstanceState.STARTED : instance.state();
            default -> InstanceState.HEALTHY;
        };
        model.observe(instance.id(), next);
    }

    /** The agent asks for what is stateless to leave a node, or not to after all. */
    private void nodeIsEmptied(RandomGenerator random) {
        List<Instance> candidates = model.instances.values().stream()
                .filter(instance -> instance.wanted() && !model.plan.keepsVolume())
                .filter(instance ->
                        instance.state() == InstanceState.HEALTHY || instance.state() == InstanceState.UNHEALTHY)
                .toList();
        if (!candidates.isEmpty()) {
            Instance instance = candidates.get(random.nextInt(candidates.size()));
            model.leave(instance.id(), !instance.leaving());
        }
    }

    void alive(String id) {
        Gateway old = model.gateways.get(id);
        model.gateways.put(id, new Gateway(id, model.now, old == null ? 0 : old.served()));
    }

    void serve(String id) {
        model.gateways.put(id, new Gateway(id, model.now, model.route().generation()));
    }

    /** Everything goes well: whatever is awaited happens. */
    void cooperate() {
        for (Deployed deployed : model.deployments) {
            if (deployed.build == BuildState.ASKED || deployed.build == BuildState.STARTED) {
                deployed.build = BuildState.SUCCEEDED;
            }
        }
        List.copyOf(model.instances.values()).forEach(instance -> {
            if (!instance.wanted()) {
                model.instances.remove(instance.id());
            } else if (!instance.state().gone()) {
                model.observe(instance.id(), InstanceState.HEALTHY);
            }
        });
        model.gateways.remove("b");
        serve(GATEWAY);
    }

    /** Lets it come to rest, with time going on as fast as it needs. */
    Step rest() {
        for (int i = 0; i < 500; i++) {
            cooperate();
            Step step = model.settle();
            if (step instanceof Step.Settled) {
                return step;
            }
            if (step instanceof Step.Wait wait && i % 3 == 2 && wait.until().isAfter(model.now)) {
                model.now = wait.until();
            } else {
                model.now = model.now.plus(Duration.ofMillis(100));
            }
        }
        throw new AssertionError("never at rest: " + model.observed());
    }

    boolean lives(Gateway gateway) {
        return gateway.aliveAt().plus(Model.PATIENCE.gatewayAlive()).isAfter(model.now);
    }

    /** Whether a living gateway may still send requests to the instance. */
    boolean reaches(InstanceId instance) {
        return model.gateways.values().stream()
                .filter(this::lives)
                .anyMatch(gateway -> Optional.ofNullable(model.routes.get(gateway.served())).orElse(List.of()).stream()
                        .map(Target::instance)
                        .anyMatch(instance::equals));
    }
}
