package io.containr.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.rollout.Model.Deployed;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of a service: users change their minds, builds and instances fail, gateways fall silent, and the loop is cut
 * off after any step. Whatever happens, some things never do, and in calm weather everything comes to rest.
 */
class PlannerWalkTest {

    private static final int WALKS = 400;
    private static final int EVENTS = 250;

    static IntStream seeds() {
        return IntStream.range(0, WALKS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyLifeKeepsItsPromisesAndComesToRest(int seed) {
        live(seed, new Model(1 + seed % 3));
    }

    /** Instances with a volume take turns; what served is asked to go only when it is no longer what serves, or failed. */
    @ParameterizedTest
    @MethodSource("seeds")
    void anyLifeWithAVolumeDoesToo(int seed) {
        live(seed, new Model(1, Model.DATABASE));
    }

    private static void live(int seed, Model model) {
        RandomGenerator random = new Random(seed);
        ModelWorld world = new ModelWorld(model);
        world.alive(ModelWorld.GATEWAY);
        for (int i = 0; i < EVENTS; i++) {
            switch (random.nextInt(5)) {
                case 0 -> wish(model, random);
                case 1, 2 -> world.disturb(random);
                default -> steps(model, world, random.nextInt(1, 4));
            }
        }
        if (seed % 4 == 0) {
            model.exists = false;
        }
        world.rest();
        atRest(model);
    }

    private static void wish(Model model, RandomGenerator random) {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> {
                if (model.running) {
                    model.deploy(null);
                }
            }
            case 3 -> {
                Rollout.Serving serving = model.serving();
                if (model.running && serving != null) {
                    model.deploy(serving.release());
                }
            }
            case 9 -> {
                if (!model.plan.keepsVolume()) {
                    model.replicas = random.nextInt(1, 5);
                }
            }
            case 4 -> model.restarts++;
            case 5 -> model.running = false;
            case 6, 7 -> model.running = true;
            case 8 ->
                model.deployments.stream()
                        .filter(deployed -> !deployed.status.ended())
                        .findFirst()
                        .ifPresent(deployed -> model.take(new Step.Cancel(deployed.id, "Cancelled on request.")));
            default -> {}
        }
    }

    /** Some steps, then the process dies; the next time it begins with another look. */
    private static void steps(Model model, ModelWorld world, int count) {
        for (int i = 0; i < count; i++) {
            if (!(model.decide() instanceof Step.Act act)) {
                return;
            }
            before(act, model, world);
            long generation = model.route().generation();
            model.take(act);
            assertThat(model.route().generation()).isGreaterThanOrEqualTo(generation);
            assertThat(model.deployments.stream().filter(deployed -> deployed.status == DeploymentStatus.DEPLOYING))
                    .as("rollouts at once")
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    private static void before(Step.Act act, Model model, ModelWorld world) {
        if (act instanceof Step.PublishRoute publish) {
            boolean leadsToHealthy =
                    publish.targets().stream().map(Target::instance).anyMatch(id -> healthy(model, id));
            Rollout.Serving serving = model.serving();
            boolean oldIsHealthy = serving != null
                    && model.running
                    && model.instances.values().stream()
                            .anyMatch(instance -> instance.wanted()
                                    && instance.healthy()
                                    && instance.deployment().equals(serving.deployment()));
            assertThat(leadsToHealthy || !oldIsHealthy)
                    .as("a route leaves healthy instances only for healthy ones: %s", publish)
                    .isTrue();
        }
        if (model.plan.keepsVolume()) {
            volume(act, model);
        } else if (act instanceof Step.Complete
                && model.gateways.values().stream().anyMatch(world::lives)) {
            assertThat(model.gateways.values().stream().filter(world::lives))
                    .as("a deployment is complete when every living gateway serves it")
                    .allMatch(gateway -> gateway.served() == model.route().generation());
        }
        if (act instanceof Step.RemoveInstances removal && model.exists) {
            Instant publishedAt = model.route().publishedAt();
            boolean patient = publishedAt != null && model.now.isBefore(publishedAt.plus(Model.PATIENCE.route()));
            for (InstanceId id : removal.instances()) {
                assertThat(model.route().targets()).extracting(Target::instance).doesNotContain(id);
                Instance instance = model.instances.get(id);
                if (instance != null && instance.wanted() && instance.healthy() && patient) {
                    assertThat(world.reaches(id))
                            .as("a healthy instance goes only after every living gateway left it: %s", removal)
                            .isFalse();
                }
            }
        }
    }

    private static void volume(Step.Act act, Model model) {
        boolean rolling = model.deployments.stream().anyMatch(one -> one.status == DeploymentStatus.DEPLOYING);
        assertThat(act).as("it has no route").isNotInstanceOf(Step.PublishRoute.class);
        if (act instanceof Step.Replace replace) {
            assertThat(rolling)
                    .as("nothing is put beside an instance that is rolled out")
                    .isFalse();
            assertThat(replace.instances()).isOne();
        }
        if (act instanceof Step.Complete complete) {
            assertThat(model.instances.values())
                    .anyMatch(instance -> instance.deployment().equals(complete.deployment())
                            && instance.wanted()
                            && instance.healthy());
        }
        Rollout.Serving serving = model.serving();
        if (act instanceof Step.RemoveInstances removal && model.exists && model.running && serving != null) {
            List<Instance> served = model.instances.values().stream()
                    .filter(instance -> instance.wanted()
                            && !instance.state().gone()
                            && instance.deployment().equals(serving.deployment()))
                    .toList();
            assertThat(served.isEmpty()
                            || served.stream()
                                    .anyMatch(instance -> !removal.instances().contains(instance.id())))
                    .as("the volume always has an instance of what serves to come back to: %s", removal)
                    .isTrue();
        }
    }

    private static boolean healthy(Model model, InstanceId id) {
        Instance instance = model.instances.get(id);
        return instance != null && instance.healthy();
    }

    private static void atRest(Model model) {
        assertThat(model.deployments)
                .extracting((Deployed deployed) -> deployed.status)
                .allMatch(DeploymentStatus::ended);
        Rollout.Serving serving = model.serving();
        List<Instance> instances = List.copyOf(model.instances.values());
        if (!model.exists) {
            assertThat(model.forgotten).isTrue();
            assertThat(instances).isEmpty();
        } else if (!model.running || serving == null) {
            assertThat(instances).isEmpty();
            assertThat(model.route().targets()).isEmpty();
        } else {
            assertThat(instances)
                    .hasSize(model.replicas)
                    .allMatch(instance -> instance.healthy() && !instance.leaving())
                    .extracting(Instance::deployment)
                    .containsOnly(serving.deployment());
            assertThat(model.route().targets())
                    .extracting(Target::instance)
                    .containsExactlyInAnyOrderElementsOf(
                            model.plan.routed()
                                    ? instances.stream().map(Instance::id).toList()
                                    : List.of());
            assertThat(model.state()).isEqualTo(ServiceState.RUNNING);
        }
    }
}
