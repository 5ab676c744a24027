package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.route.Route;
import io.containr.testing.Api;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A deployment is done when the gateways serve it, and not before. */
class RouteIT extends DeployServiceTest {

    @AfterEach
    void gatewayRuns() {
        world.startGateway();
    }

    @Test
    void theOldInstanceStaysUntilTheGatewayServesTheNewRoute() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        world.routeByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        Route route = routeTo(instanceOf(id));
        await().untilAsserted(() ->
                assertThat(deployment(id).text("/deployment/status_reason")).contains(World.GATEWAY));
        assertThat(deployment(id).text("/deployment/status")).isEqualTo("deploying");
        assertThat(messages.all(RemoveInstance.class))
                .noneMatch(command -> command.instance().equals(old.instance()));

        world.served(route);
        awaitStatus(id, "deployed");
        messages.await(RemoveInstance.class, command -> command.instance().equals(old.instance()));
    }

    @Test
    void aGatewayThatDoesNotServeTheRouteInTimeFailsTheDeployment() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        long before = routes(spec.service()).getLast().generation();
        world.routeByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        Api.Answer answer = awaitStatus(id, "failed");
        assertThat(answer.text("/deployment/error_code")).isEqualTo("ROUTE_NOT_SERVED");
        await().untilAsserted(() -> assertThat(routed(spec.service())).containsExactly(old.instance()));
        assertThat(routes(spec.service()).getLast().generation()).isGreaterThan(before);
        messages.await(
                RemoveInstance.class,
                command -> command.instance().equals(instanceOf(id).instance()));
    }

    @Test
    void withoutAGatewayADeploymentIsCompleteAfterAWhileWithARemark() {
        ServiceSpec spec = created(service());
        world.stopGateway();
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        await().untilAsserted(() ->
                assertThat(deployment(id).text("/deployment/status_reason")).contains("Waits for a gateway"));
        assertThat(awaitStatus(id, "deployed").text("/deployment/status_reason"))
                .contains("No gateway is running");
    }

    @Test
    void aGatewayThatStartsMeanwhileIsWaitedFor() {
        ServiceSpec spec = created(service());
        world.stopGateway();
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        Route route = routeTo(instanceOf(id));
        world.startGateway();
        world.served(route);
        assertThat(awaitStatus(id, "deployed").json().at("/deployment").has("status_reason"))
                .isFalse();
    }

    @Test
    void hostNamesAreUniqueAndStayWithTheirService() {
        String project = "Shop " + owner;
        ServiceSpec one = created(service().named("web", project));
        ServiceSpec two = created(service().named("web", project));
        deployed(one.service());
        deployed(two.service());
        String first = routes(one.service()).getLast().host();
        assertThat(routes(two.service()).getLast().host())
                .isEqualTo(first.replace(".apps.localhost", "-2.apps.localhost"));
        deployed(one.service());
        assertThat(routes(one.service())).extracting(Route::host).containsOnly(first);
        List<Long> generations =
                routes(one.service()).stream().map(Route::generation).toList();
        assertThat(generations).isSorted().doesNotHaveDuplicates();
    }

    private Route routeTo(InstanceSpec instance) {
        return await().pollInterval(Duration.ofMillis(10))
                .until(
                        () -> routes(instance.service()).stream()
                                .filter(route -> route.targets().stream()
                                        .anyMatch(target -> target.instance().equals(instance.instance())))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }
}
