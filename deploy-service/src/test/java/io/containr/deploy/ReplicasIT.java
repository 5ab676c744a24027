package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceMoveRequested;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.deploy.DeployEvent.DeploymentCreated;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Services with several instances, and instances that have to leave their node. */
class ReplicasIT extends DeployServiceTest {

    @Test
    void asManyServeAsAreWantedAndAnotherNumberNeedsNoDeployment() {
        ServiceSpec spec = created(service().replicated(3).placedIn("north"));
        DeploymentId id = deployed(spec.service());
        assertThat(instancesOf(id)).hasSize(3);
        assertThat(instanceOf(id).region()).isEqualTo("north");
        assertThat(routed(spec.service())).containsExactlyInAnyOrderElementsOf(instancesOf(id));

        ServiceSpec fewer = Specs.scaled(spec, 1);
        changed(fewer);
        await().untilAsserted(() -> assertThat(removed(spec.service())).hasSize(2));
        assertThat(routed(spec.service())).hasSize(1).doesNotContainAnyElementsOf(removed(spec.service()));

        changed(Specs.scaled(fewer, 4));
        await().untilAsserted(() -> assertThat(routed(spec.service())).hasSize(4));
        assertThat(instancesOf(id)).hasSize(6);
        assertThat(messages.all(DeploymentCreated.class))
                .filteredOn(event -> event.service().equals(spec.service()))
                .hasSize(1);
    }

    @Test
    void replicasThatDieAreReplaced() {
        ServiceSpec spec = created(service().replicated(2));
        DeploymentId id = deployed(spec.service());
        InstanceSpec dead = instanceOf(id);
        world.broken(dead, new Failure("NODE_LOST", "The node pve1 does not answer any more"));
        await().untilAsserted(
                        () -> assertThat(routed(spec.service())).hasSize(2).doesNotContain(dead.instance()));
        assertThat(removed(spec.service())).containsExactly(dead.instance());
        assertThat(instancesOf(id)).hasSize(3);
    }

    @Test
    void anInstanceThatHasToLeaveItsNodeGoesWhenAnotherServesInItsPlace() {
        ServiceSpec spec = created(service());
        DeploymentId id = deployed(spec.service());
        InstanceSpec old = instanceOf(id);
        world.runByHand(spec.service());
        messages.publish(new InstanceMoveRequested(World.instance(old), "pve1"), spec.service());
        await().untilAsserted(() -> assertThat(instancesOf(id)).hasSize(2));
        InstanceSpec next = messages.await(
                        EnsureInstance.class,
                        command -> command.spec().deployment().equals(id)
                                && !command.instance().equals(old.instance()))
                .spec();
        assertThat(next.generation()).isGreaterThan(old.generation());
        assertThat(routed(spec.service())).containsExactly(old.instance());

        world.routeByHand(spec.service());
        world.healthy(next);
        await().untilAsserted(() -> assertThat(routed(spec.service())).containsExactly(next.instance()));
        assertThat(removed(spec.service())).as("before the gateway left it").isEmpty();
        world.served(routes(spec.service()).getLast());
        await().untilAsserted(() -> assertThat(removed(spec.service())).containsExactly(old.instance()));
        assertThat(instancesOf(id)).hasSize(2);
    }

    private List<InstanceId> instancesOf(DeploymentId id) {
        return messages.all(EnsureInstance.class).stream()
                .filter(command -> command.spec().deployment().equals(id))
                .map(EnsureInstance::instance)
                .toList();
    }

    private Set<InstanceId> removed(ServiceId service) {
        return messages.all(RemoveInstance.class).stream()
                .filter(command -> command.service().equals(service))
                .map(RemoveInstance::instance)
                .collect(Collectors.toSet());
    }
}
