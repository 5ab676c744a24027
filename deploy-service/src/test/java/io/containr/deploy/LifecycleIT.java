package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Topics;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.deploy.DeployEvent.DeploymentCreated;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stop, start, restart, delete, and services that are not routed. */
class LifecycleIT extends DeployServiceTest {

    @Test
    void aStoppedServiceHasNoInstanceAndStartsAgainWithTheSameRelease() {
        ServiceSpec spec = created(service());
        DeploymentId first = deployed(spec.service());
        InstanceSpec old = instanceOf(first);
        ServiceSpec stopped = Specs.next(spec, Wanted.STOPPED, 0);
        changed(stopped);
        messages.await(RemoveInstance.class, command -> command.instance().equals(old.instance()));
        await().untilAsserted(() -> assertThat(state(spec)).isEqualTo("stopped"));
        assertThat(routed(spec.service())).isEmpty();
        api.post("/services/" + spec.service() + "/deployments", "{}").expect(409);

        changed(Specs.next(stopped, Wanted.RUNNING, 0));
        DeploymentId start = triggered(spec.service(), "start");
        awaitStatus(start, "deployed");
        assertThat(instanceOf(start).image()).isEqualTo(old.image());
        assertThat(routed(spec.service())).containsExactly(instanceOf(start).instance());
        assertThat(messages.all(StartBuild.class))
                .filteredOn(build -> build.service().equals(spec.service()))
                .hasSize(1);
        await().untilAsserted(() -> assertThat(state(spec)).isEqualTo("running"));
    }

    @Test
    void aRestartStartsTheSameReleaseBesideTheOldInstance() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        changed(Specs.next(spec, Wanted.RUNNING, 1));
        DeploymentId restart = triggered(spec.service(), "restart");
        awaitStatus(restart, "deployed");
        assertThat(instanceOf(restart).image()).isEqualTo(old.image());
        messages.await(RemoveInstance.class, command -> command.instance().equals(old.instance()));
    }

    @Test
    void aStopDuringABuildCancelsTheDeployment() {
        ServiceSpec spec = created(service());
        world.buildByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        StartBuild started = messages.await(StartBuild.class, build -> id.equals(build.deployment()));
        changed(Specs.next(spec, Wanted.STOPPED, 0));
        assertThat(awaitStatus(id, "cancelled").text("/deployment/status_reason"))
                .contains("stopped");
        messages.await(CancelBuild.class, cancel -> cancel.build().equals(started.build()));
        await().untilAsserted(() -> assertThat(state(spec)).isEqualTo("stopped"));
    }

    @Test
    void aDeletedServiceLeavesNothing() {
        ServiceSpec spec = created(service());
        DeploymentId id = deployed(spec.service());
        InstanceSpec instance = instanceOf(id);
        messages.publish(
                new LogLines(
                        spec.service(),
                        spec.project(),
                        id,
                        null,
                        instance.instance(),
                        List.of(new LogLines.Line(1, Instant.now(), "stdout", "hello"))),
                spec.service());
        await().untilAsserted(() -> assertThat(rows("log_line", spec.service())).isOne());
        String host = routes(spec.service()).getLast().host();

        messages.publish(new ServiceDeleted(spec.service(), spec.project(), owner), spec.project());
        messages.await(RemoveInstance.class, command -> command.instance().equals(instance.instance()));
        await().untilAsserted(
                        () -> assertThat(messages.tombstones(Topics.ROUTES)).contains(host));
        messages.await(
                ReleasesRetained.class,
                event -> event.service().equals(spec.service())
                        && event.digests().isEmpty());
        for (String table : List.of("deployment", "release", "instance", "rollout", "service_host", "log_line")) {
            assertThat(rows(table, spec.service())).as(table).isZero();
        }
        assertThat(jdbc.sql("select count(*) from route_served where host = :host")
                        .param("host", host)
                        .query(Long.class)
                        .single())
                .isZero();
        api.get("/deployments/" + id).expect(404);
    }

    @Test
    void aServiceThatWasNeverDeployedIsForgottenToo() {
        ServiceSpec spec = created(service());
        messages.publish(new ServiceDeleted(spec.service(), spec.project(), owner), spec.project());
        messages.await(ReleasesRetained.class, event -> event.service().equals(spec.service()));
    }

    @Test
    void aWorkerIsDeployedOnceItRunsAndHasNoRoute() {
        ServiceSpec spec = created(service().of(ServiceKind.WORKER));
        DeploymentId id = deployed(spec.service());
        assertThat(instanceOf(id).port()).isNull();
        assertThat(instanceOf(id).healthCheck()).isNull();
        assertThat(instanceOf(id).environment()).containsEntry("PORT", "8080");
        assertThat(deployment(id).json().at("/deployment").has("url")).isFalse();
        assertThat(routes(spec.service())).isEmpty();
        DeploymentId second = deployed(spec.service());
        messages.await(
                RemoveInstance.class,
                command -> command.instance().equals(instanceOf(id).instance()));
        assertThat(instanceOf(second).instance()).isNotEqualTo(instanceOf(id).instance());
    }

    @Test
    void aScheduledServiceIsDeployedWithoutAnInstance() {
        ServiceSpec spec = created(service().scheduled("0 0 1 1 *", "UTC"));
        DeploymentId id = deployed(spec.service());
        assertThat(deployment(id).text("/deployment/status_reason")).contains("schedule");
        assertThat(rows("instance", spec.service())).isZero();
        await().untilAsserted(() -> assertThat(state(spec)).isEqualTo("running"));
    }

    @Test
    void onlyTheLatestReleasesAreRetained() {
        ServiceSpec spec = created(service());
        DeploymentId first = deployed(spec.service());
        for (int i = 0; i < 3; i++) {
            deployed(spec.service());
        }
        String firstDigest = instanceOf(first).image().digest();
        messages.await(
                ReleasesRetained.class,
                event -> event.service().equals(spec.service())
                        && event.digests().size() == 3
                        && !event.digests().contains(firstDigest));
        assertThat(api.post("/deployments/" + first + "/rollback").expect(409).body())
                .contains("no longer kept");
        assertThat(deployment(first).json().at("/deployment/can_rollback").asBoolean())
                .isFalse();
    }

    private DeploymentId triggered(ServiceId service, String trigger) {
        return messages.await(
                        DeploymentCreated.class,
                        event -> event.service().equals(service)
                                && event.trigger().equals(trigger))
                .deployment();
    }

    private long rows(String table, ServiceId service) {
        return jdbc.sql("select count(*) from " + table + " where service_id = :service")
                .param("service", service.value())
                .query(Long.class)
                .single();
    }
}
