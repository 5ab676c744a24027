package io.containr.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.deployment.BuildState;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Model.Deployed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is decided where it is not obvious. */
class PlannerTest {

    private final Model model = new Model(1);
    private final ModelWorld world = new ModelWorld(model);

    PlannerTest() {
        world.alive(ModelWorld.GATEWAY);
    }

    @Test
    void ofPushesRightAfterOneAnotherTheLastIsBuilt() {
        Deployed first = push();
        model.settle();
        assertThat(first.build).isEqualTo(BuildState.NONE);
        model.now = model.now.plusMillis(900);
        Deployed second = push();
        model.settle();
        assertThat(first.status).isEqualTo(DeploymentStatus.SUPERSEDED);
        model.now = model.now.plusMillis(999);
        model.settle();
        assertThat(second.build).isEqualTo(BuildState.NONE);

        model.now = model.now.plusMillis(1);
        model.settle();

        assertThat(second.build).isEqualTo(BuildState.ASKED);
        assertThat(first.build).isEqualTo(BuildState.NONE);
    }

    private Deployed push() {
        Deployed deployed = model.deploy(null);
        deployed.pushed = true;
        return deployed;
    }

    @Test
    void theRouteMovesOnlyWhenTheNewInstanceIsHealthy() {
        InstanceId old = serving();
        Deployed next = built();
        model.settle();
        model.observe(instanceOf(next), InstanceState.STARTED);
        model.settle();
        assertThat(routed()).containsExactly(old);

        model.observe(instanceOf(next), InstanceState.HEALTHY);
        model.settle();
        assertThat(routed()).containsExactly(instanceOf(next));
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYING);
        assertThat(wanted()).contains(old);
    }

    @Test
    void theOldInstanceGoesOnceTheGatewayServesTheNewOne() {
        InstanceId old = serving();
        Deployed next = built();
        rollOut(next);
        assertThat(wanted()).contains(old);
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYED);
        assertThat(wanted()).containsExactly(instanceOf(next));
    }

    @Test
    void aGatewayThatNeverServesTheRouteFailsTheDeploymentAndTheOldOneServesOn() {
        InstanceId old = serving();
        Deployed next = built();
        rollOut(next);
        silently(Duration.ofMinutes(2));
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.FAILED);
        assertThat(Objects.requireNonNull(next.failure).code()).isEqualTo("ROUTE_NOT_SERVED");
        assertThat(next.failure.message()).contains(ModelWorld.GATEWAY);
        assertThat(routed()).containsExactly(old);
    }

    @Test
    void aSilentGatewayIsNotWaitedFor() {
        serving();
        world.alive("b");
        Deployed next = built();
        rollOut(next);
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYING);
        model.now = model.now.plusSeconds(11);
        world.alive(ModelWorld.GATEWAY);
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYED);
    }

    @Test
    void withoutAnyGatewayADeploymentWaitsAndThenCompletesWithARemark() {
        Deployed first = built();
        model.gateways.clear();
        rollOut(first);
        assertThat(first.status).isEqualTo(DeploymentStatus.DEPLOYING);
        assertThat(first.reason).contains("none is running");
        model.now = model.now.plus(Duration.ofMinutes(5));
        model.settle();
        assertThat(first.status).isEqualTo(DeploymentStatus.DEPLOYED);
        assertThat(first.reason).contains("No gateway");
    }

    @Test
    void aRolloutWhoseRouteHasNotMovedIsOvertaken() {
        InstanceId old = serving();
        Deployed slow = built();
        model.settle();
        Deployed next = built();
        model.settle();
        assertThat(slow.status).isEqualTo(DeploymentStatus.SUPERSEDED);
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYING);
        assertThat(wanted()).containsExactlyInAnyOrder(old, instanceOf(next));
    }

    @Test
    void aRolloutWhoseRouteHasMovedIsFinishedFirst() {
        serving();
        Deployed moving = built();
        rollOut(moving);
        Deployed next = built();
        model.settle();
        assertThat(moving.status).isEqualTo(DeploymentStatus.DEPLOYING);
        assertThat(next.status).isEqualTo(DeploymentStatus.QUEUED);
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(moving.status).isEqualTo(DeploymentStatus.DEPLOYED);
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYING);
    }

    @Test
    void aBuildGoesOnWhileTheRolloutBeforeItDoes() {
        Deployed rolling = built();
        model.settle();
        Deployed next = model.deploy(null);
        model.settle();
        assertThat(rolling.status).isEqualTo(DeploymentStatus.DEPLOYING);
        assertThat(next.build).isEqualTo(BuildState.ASKED);
    }

    @Test
    void aNewInstanceThatFallsIllWhileTheRouteMovesGivesTheRouteBack() {
        InstanceId old = serving();
        Deployed next = built();
        rollOut(next);
        model.observe(instanceOf(next), InstanceState.UNHEALTHY);
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.FAILED);
        assertThat(routed()).containsExactly(old);
        assertThat(wanted()).as("not before the gateway left it").contains(instanceOf(next));
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(wanted()).containsExactly(old);
    }

    @Test
    void aDeadInstanceIsReplacedAtOnceAndThenWithGrowingPauses() {
        model.observe(serving(), InstanceState.FAILED);
        model.settle();
        assertThat(replacements()).isEqualTo(1);
        for (int seconds : List.of(5, 10, 20)) {
            int before = replacements();
            model.observe(wanted().getLast(), InstanceState.FAILED);
            model.now = model.now.plusSeconds(seconds).minusMillis(1);
            model.settle();
            assertThat(replacements()).as("just before %d s", seconds).isEqualTo(before);
            model.now = model.now.plusMillis(1);
            model.settle();
            assertThat(replacements()).isEqualTo(before + 1);
        }
    }

    @Test
    void anIllInstanceKeepsItsTrafficUntilAnotherIsHealthy() {
        InstanceId ill = serving();
        model.observe(ill, InstanceState.UNHEALTHY);
        model.settle();
        assertThat(replacements()).isZero();
        model.now = model.now.plus(Duration.ofMinutes(1));
        model.settle();
        assertThat(replacements()).isEqualTo(1);
        assertThat(routed()).containsExactly(ill);
        InstanceId fresh = wanted().getLast();
        model.observe(fresh, InstanceState.HEALTHY);
        model.settle();
        assertThat(routed()).containsExactly(fresh);
    }

    @Test
    void aStopIsFollowedByAStartOfTheSameRelease() {
        InstanceId old = serving();
        Rollout.Serving before = model.serving();
        model.running = false;
        world.rest();
        assertThat(model.instances).doesNotContainKey(old).isEmpty();
        assertThat(model.state()).isEqualTo(ServiceState.STOPPED);

        model.running = true;
        model.settle();
        assertThat(model.taken).contains(new Step.Redeploy(Trigger.START));
        world.rest();
        assertThat(Objects.requireNonNull(model.serving()).release())
                .isEqualTo(Objects.requireNonNull(before).release());
        assertThat(wanted()).hasSize(1);
        assertThat(model.taken.stream().filter(Step.Redeploy.class::isInstance)).hasSize(1);
    }

    @Test
    void aRestartDuringABuildIsDoneByTheDeploymentThatComes() {
        serving();
        Deployed next = model.deploy(null);
        model.settle();
        model.restarts++;
        world.rest();
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYED);
        assertThat(model.taken).doesNotHaveAnyElementsOfTypes(Step.Redeploy.class);
    }

    @Test
    void aRestartIsDoneAfterAllWhenTheBuildItWaitedForFails() {
        serving();
        Deployed next = model.deploy(null);
        model.settle();
        model.restarts++;
        model.settle();
        next.build = BuildState.FAILED;
        world.rest();
        assertThat(model.taken).contains(new Step.Redeploy(Trigger.RESTART));
    }

    @Test
    void aBuildThatNeverEndsFailsWithItsReason() {
        Deployed deployed = model.deploy(null);
        model.settle();
        model.now = model.now.plus(Duration.ofMinutes(30));
        model.settle();
        assertThat(deployed.status).isEqualTo(DeploymentStatus.FAILED);
        assertThat(Objects.requireNonNull(deployed.failure).code()).isEqualTo("BUILD_TIMEOUT");
    }

    @Test
    void anInstanceThatNeverRunsAndOneThatNeverAnswersFailForDifferentReasons() {
        Deployed never = built();
        model.settle();
        model.now = model.now.plus(Duration.ofMinutes(6));
        model.settle();
        assertThat(Objects.requireNonNull(never.failure).code()).isEqualTo("START_TIMEOUT");

        Deployed mute = built();
        model.settle();
        model.observe(instanceOf(mute), InstanceState.STARTED);
        model.now = model.now.plus(Duration.ofMinutes(6));
        model.settle();
        assertThat(Objects.requireNonNull(mute.failure).code()).isEqualTo("HEALTH_CHECK_FAILED");
        assertThat(wanted()).isEmpty();
    }

    @Test
    void aRemovalThatIsNotConfirmedIsAskedForAgain() {
        serving();
        model.running = false;
        model.settle();
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        long before = removals();
        model.now = model.now.plus(Duration.ofMinutes(3));
        model.settle();
        assertThat(removals()).isEqualTo(before + 1);
    }

    @Test
    void aReleaseThatDoesNotWorkTakesUpTheRoomOfOneInstance() {
        model.replicas = 3;
        serving();
        Deployed next = built();
        model.settle();
        assertThat(instancesOf(next)).hasSize(1);
        model.observe(instanceOf(next), InstanceState.FAILED);
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.FAILED);
        assertThat(wanted()).hasSize(3);
    }

    @Test
    void theRouteMovesToAllReplicasAtOnceAndTheOldOnesGoThen() {
        model.replicas = 3;
        serving();
        List<InstanceId> old = wanted();
        Deployed next = built();
        model.settle();
        model.observe(instanceOf(next), InstanceState.HEALTHY);
        model.settle();
        assertThat(instancesOf(next)).hasSize(3);
        assertThat(routed()).containsExactlyInAnyOrderElementsOf(old);
        healthy(next);
        assertThat(routed()).containsExactlyInAnyOrderElementsOf(instancesOf(next));
        assertThat(wanted()).containsAll(old);
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(wanted()).containsExactlyInAnyOrderElementsOf(instancesOf(next));
    }

    @Test
    void scalingUpAndDownNeedsNoDeploymentAndWaitsForNothing() {
        InstanceId first = serving();
        for (int replicas : List.of(3, 5)) {
            model.replicas = replicas;
            model.settle();
            assertThat(wanted()).hasSize(replicas);
            assertThat(routed()).doesNotContain(wanted().getLast());
        }
        wanted().forEach(id -> model.observe(id, InstanceState.HEALTHY));
        model.settle();
        assertThat(routed()).hasSize(5).contains(first);
        world.serve(ModelWorld.GATEWAY);
        model.settle();

        model.replicas = 2;
        model.settle();
        assertThat(routed()).hasSize(2).doesNotContain(first);
        assertThat(wanted()).as("before the gateway left the others").hasSize(5);
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(wanted()).containsExactlyInAnyOrderElementsOf(routed());
        assertThat(model.deployments).hasSize(1);
    }

    @Test
    void replicasThatAreAskedForDuringARolloutAreStartedOfTheNewReleaseAlone() {
        serving();
        Deployed next = built();
        model.settle();
        model.replicas = 3;
        model.settle();
        assertThat(wanted()).hasSize(2);
        rollOut(next);
        healthy(next);
        world.serve(ModelWorld.GATEWAY);
        model.settle();
        assertThat(next.status).isEqualTo(DeploymentStatus.DEPLOYED);
        assertThat(wanted()).hasSize(3).containsExactlyInAnyOrderElementsOf(instancesOf(next));
    }

    @Test
    void aDeadReplicaLeavesTheRouteAtOnceAndIsReplaced() {
        model.replicas = 3;
        serving();
        InstanceId dead = wanted().get(1);
        model.observe(dead, InstanceState.FAILED);
        model.settle();
        assertThat(routed()).hasSize(2).doesNotContain(dead);
        assertThat(wanted()).hasSize(3).doesNotContain(dead);
    }

    @Test
    void whoHasToLeaveItsNodeGoesOneByOneAfterAnotherHasItsTraffic() {
        model.replicas = 2;
        serving();
        List<InstanceId> old = wanted();
        old.forEach(id -> model.leave(id, true));
        for (int moved = 0; moved < 2; moved++) {
            model.settle();
            assertThat(wanted()).hasSize(3);
            assertThat(routed()).as("while it is not healthy").hasSize(2).doesNotContain(wanted().getLast());
            model.observe(wanted().getLast(), InstanceState.HEALTHY);
            model.settle();
            assertThat(routed()).hasSize(2).contains(wanted().getLast());
            assertThat(wanted()).as("before the gateway left it").hasSize(3);
            world.serve(ModelWorld.GATEWAY);
        }
        model.settle();
        assertThat(wanted()).hasSize(2).doesNotContainAnyElementsOf(old);
        assertThat(model.deployments).hasSize(1);
    }

    @Test
    void whoMayStayAfterAllStays() {
        InstanceId old = serving();
        model.leave(old, true);
        model.settle();
        assertThat(wanted()).hasSize(2);
        model.leave(old, false);
        model.settle();
        assertThat(wanted()).containsExactly(old);
    }

    @Test
    void aMoveThatFailsIsTriedAgainWithGrowingPauses() {
        InstanceId old = serving();
        model.leave(old, true);
        model.settle();
        for (int seconds : List.of(5, 10)) {
            int before = replacements();
            model.observe(wanted().getLast(), InstanceState.FAILED);
            model.now = model.now.plusSeconds(seconds).minusMillis(1);
            world.alive(ModelWorld.GATEWAY);
            model.settle();
            assertThat(replacements()).isEqualTo(before);
            assertThat(routed()).containsExactly(old);
            model.now = model.now.plusMillis(1);
            model.settle();
            assertThat(replacements()).isEqualTo(before + 1);
        }
    }

    private InstanceId serving() {
        Deployed first = built();
        rollOut(first);
        healthy(first);
        world.serve(ModelWorld.GATEWAY);
        assertThat(model.settle()).isEqualTo(new Step.Settled());
        assertThat(first.status).isEqualTo(DeploymentStatus.DEPLOYED);
        return instanceOf(first);
    }

    private Deployed built() {
        Deployed deployed = model.deploy(null);
        model.settle();
        deployed.build = BuildState.SUCCEEDED;
        return deployed;
    }

    /** Until its route was published. */
    private void rollOut(Deployed deployed) {
        model.settle();
        model.observe(instanceOf(deployed), InstanceState.HEALTHY);
        model.settle();
    }

    private void healthy(Deployed deployed) {
        instancesOf(deployed).forEach(id -> model.observe(id, InstanceState.HEALTHY));
        model.settle();
    }

    private List<InstanceId> instancesOf(Deployed deployed) {
        return model.instances.values().stream()
                .filter(instance -> instance.deployment().equals(deployed.id))
                .map(Instance::id)
                .toList();
    }

    /** Time goes by in which the gateway lives but says nothing of routes. */
    private void silently(Duration time) {
        model.now = model.now.plus(time);
        world.alive(ModelWorld.GATEWAY);
    }

    private InstanceId instanceOf(Deployed deployed) {
        return model.instances.values().stream()
                .filter(instance -> instance.deployment().equals(deployed.id))
                .reduce((first, second) -> second)
                .orElseThrow()
                .id();
    }

    private List<InstanceId> wanted() {
        return model.instances.values().stream()
                .filter(Instance::wanted)
                .map(Instance::id)
                .toList();
    }

    private List<InstanceId> routed() {
        return model.route().targets().stream().map(Target::instance).toList();
    }

    private int replacements() {
        return (int) model.taken.stream().filter(Step.Replace.class::isInstance).count();
    }

    private long removals() {
        return model.taken.stream()
                .filter(Step.RemoveInstances.class::isInstance)
                .count();
    }
}
