package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.deploy.DeployEvent.DeploymentFailed;
import io.containr.contracts.deploy.DeployEvent.DeploymentSucceeded;
import io.containr.contracts.deploy.DeployEvent.DeploymentSuperseded;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What goes wrong costs nothing but the new deployment, and the user reads why. */
class FailureIT extends DeployServiceTest {

    @Test
    void aFailedBuildFailsTheDeploymentWithItsReason() {
        ServiceSpec spec = created(service());
        world.buildByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        StartBuild build = buildOf(id);
        awaitStatus(id, "queued");
        world.started(build);
        awaitStatus(id, "building");
        world.failed(build, new Failure("BUILD_FAILED", "RUN make: exit code 2"));

        Api.Answer answer = awaitStatus(id, "failed");
        assertThat(answer.text("/deployment/error")).isEqualTo("RUN make: exit code 2");
        assertThat(answer.text("/deployment/error_code")).isEqualTo("BUILD_FAILED");
        assertThat(messages.await(
                                DeploymentFailed.class,
                                event -> event.deployment().equals(id))
                        .failure()
                        .code())
                .isEqualTo("BUILD_FAILED");
        assertThat(messages.all(EnsureInstance.class))
                .noneMatch(command -> command.spec().deployment().equals(id));
    }

    @Test
    void anInstanceThatFailsEndsTheDeploymentAndTheOldOneServesOn() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        world.runByHand(spec.service());
        DeploymentId bad = DeploymentId.of(deploy(spec.service()).text("/id"));
        InstanceSpec broken = instanceOf(bad);
        world.running(broken);
        world.broken(
                broken, new Failure("HEALTH_CHECK_FAILED", "No answer on port 8080 within 60 s."), "starting", "boom");

        Api.Answer answer = awaitStatus(bad, "failed");
        assertThat(answer.text("/deployment/error"))
                .startsWith("No answer on port 8080 within 60 s.")
                .endsWith("starting\nboom");
        assertThat(messages.await(
                                RemoveInstance.class,
                                command -> command.instance().equals(broken.instance()))
                        .drain())
                .isEqualTo(Duration.ZERO);
        assertThat(routed(spec.service())).containsExactly(old.instance());
        assertThat(messages.all(RemoveInstance.class))
                .noneMatch(command -> command.instance().equals(old.instance()));
        await().untilAsserted(() -> assertThat(state(spec)).isEqualTo("running"));
    }

    @Test
    void aNewerDeploymentSupersedesTheOneStillBuilding() {
        ServiceSpec spec = created(service());
        world.buildByHand(spec.service());
        DeploymentId first = DeploymentId.of(deploy(spec.service()).text("/id"));
        StartBuild build = buildOf(first);
        DeploymentId second = DeploymentId.of(deploy(spec.service()).text("/id"));

        awaitStatus(first, "superseded");
        messages.await(CancelBuild.class, cancel -> cancel.build().equals(build.build()));
        assertThat(messages.await(
                                DeploymentSuperseded.class,
                                event -> event.deployment().equals(first))
                        .by())
                .isEqualTo(second);
        world.succeeded(build);
        world.succeeded(buildOf(second));
        awaitStatus(second, "deployed");
        assertThat(deployment(first).text("/deployment/status")).isEqualTo("superseded");
    }

    @Test
    void aRolloutIsOvertakenByANewerOneAndNeverInterleaved() {
        ServiceSpec spec = created(service());
        world.runByHand(spec.service());
        DeploymentId slow = DeploymentId.of(deploy(spec.service()).text("/id"));
        InstanceSpec overtaken = instanceOf(slow);
        DeploymentId next = DeploymentId.of(deploy(spec.service()).text("/id"));
        InstanceSpec fresh = instanceOf(next);
        assertThat(deployment(slow).text("/deployment/status")).isEqualTo("superseded");
        world.healthy(overtaken);
        world.healthy(fresh);
        awaitStatus(next, "deployed");
        assertThat(routed(spec.service())).containsExactly(fresh.instance());
        assertThat(routes(spec.service()))
                .allMatch(route -> route.targets().stream()
                        .noneMatch(target -> target.instance().equals(overtaken.instance())));
        messages.await(RemoveInstance.class, command -> command.instance().equals(overtaken.instance()));
    }

    @Test
    void aRepeatedMessageTakesEffectOnce() {
        ServiceSpec spec = created(service());
        world.buildByHand(spec.service());
        world.runByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        BuildSucceeded success = World.success(buildOf(id), World.image(Ids.next()));
        UUID message = Ids.next();
        messages.publish(message, success, spec.service());
        messages.publish(message, success, spec.service());
        messages.publish(Ids.next(), success, spec.service());
        InstanceBecameHealthy healthy = world.becameHealthy(instanceOf(id));
        UUID again = Ids.next();
        messages.publish(again, healthy, spec.service());
        messages.publish(again, healthy, spec.service());
        awaitStatus(id, "deployed");
        world.healthy(instanceOf(another(spec)));

        assertThat(messages.all(EnsureInstance.class))
                .filteredOn(command -> command.spec().deployment().equals(id))
                .hasSize(1);
        assertThat(messages.all(DeploymentSucceeded.class))
                .filteredOn(event -> event.deployment().equals(id))
                .hasSize(1);
    }

    /** Another deployment, so that everything before it was certainly handled. */
    private DeploymentId another(ServiceSpec spec) {
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        world.succeeded(buildOf(id));
        return id;
    }

    @Test
    void whatIsSaidOfAnOlderGenerationIsDropped() {
        ServiceSpec spec = created(service());
        deployed(spec.service());
        world.runByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        InstanceSpec fresh = instanceOf(id);
        InstanceBecameHealthy healthy = world.becameHealthy(fresh);
        InstanceBecameHealthy stale = new InstanceBecameHealthy(
                new AgentEvent.Instance(
                        fresh.instance(), fresh.service(), fresh.project(), fresh.deployment(), fresh.generation() - 1),
                "10.9.9.9",
                healthy.port(),
                Map.of());
        messages.publish(stale, spec.service());
        world.running(fresh);
        await().untilAsserted(() -> assertThat(instanceState(fresh)).isEqualTo("STARTED"));
        messages.publish(healthy, spec.service());
        awaitStatus(id, "deployed");
        assertThat(routes(spec.service()).getLast().targets().getFirst().address())
                .isEqualTo(healthy.address());
    }

    @Test
    void aCancelledDeploymentEndsAtOnceAndItsBuildIsStopped() {
        ServiceSpec spec = created(service());
        world.buildByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        StartBuild build = buildOf(id);
        assertThat(api.post("/deployments/" + id + "/cancel").expect(200).text("/deployment/status"))
                .isEqualTo("cancelled");
        messages.await(CancelBuild.class, cancel -> cancel.build().equals(build.build()));
        api.post("/deployments/" + id + "/cancel").expect(409);
        api.post("/deployments/" + id + "/rollback").expect(409);
    }

    @Test
    void aDeadInstanceOfWhatServesIsReplacedByOneOfTheSameRelease() {
        ServiceSpec spec = created(service());
        DeploymentId id = deployed(spec.service());
        InstanceSpec dead = instanceOf(id);
        world.broken(dead, new Failure("NODE_LOST", "Its node is gone."));
        InstanceSpec fresh = messages.await(
                        EnsureInstance.class,
                        command -> command.spec().deployment().equals(id)
                                && !command.instance().equals(dead.instance()))
                .spec();
        assertThat(fresh.image()).isEqualTo(dead.image());
        await().untilAsserted(() -> assertThat(routed(spec.service())).containsExactly(fresh.instance()));
        assertThat(deployment(id).text("/deployment/status")).isEqualTo("deployed");
        messages.await(RemoveInstance.class, command -> command.instance().equals(dead.instance()));
    }

    private StartBuild buildOf(DeploymentId id) {
        return messages.await(StartBuild.class, build -> id.equals(build.deployment()));
    }

    private String instanceState(InstanceSpec spec) {
        return jdbc.sql("select state from instance where id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .single();
    }
}
