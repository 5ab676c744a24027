package io.containr.deploy;

import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.deploy.DeployEvent.ServiceStateChanged;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.Route.Target;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.Api;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import io.containr.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** What the tests of the whole service share: one running service, one user, one world around it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=deploy-service",
            "containr.services.project.uri=http://127.0.0.1:1",
            "containr.deploy.sweep=250ms",
            "containr.deploy.kept-releases=3",
            "containr.deploy.patience.start=20s",
            "containr.deploy.patience.route=3s",
            "containr.deploy.patience.no-gateway=3s",
            "containr.deploy.patience.gateway-alive=4s",
            "containr.deploy.patience.unhealthy=1s",
            "containr.deploy.patience.replacement-pause=200ms",
            "containr.deploy.logs.heartbeat=1s",
            "containr.deploy.logs.lines=600",
            "containr.deploy.logs.prune=500ms"
        })
@ContextConfiguration(initializers = TestEnvironment.class)
abstract class DeployServiceTest {

    private static boolean caughtUp;

    static World world;
    static TestMessages messages;

    @Autowired
    SecretBox secrets;

    @Autowired
    JdbcClient jdbc;

    @LocalServerPort
    int port;

    final UserId owner = new UserId(Ids.next());
    Api api;

    @BeforeAll
    static void openWorld() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
        world = new World();
        messages = world.messages;
    }

    @AfterAll
    static void closeWorld() {
        world.close();
    }

    @BeforeEach
    void openApi() {
        if (!caughtUp) {
            messages.awaitCaughtUp("deploy-service/main");
            caughtUp = true;
        }
        api = as(owner);
    }

    Api as(UserId user) {
        return new Api(port, TestTokens.bearer(user, "ada@example.com"));
    }

    /** A service that the running service has heard of. */
    Specs.Builder service() {
        return Specs.web(owner);
    }

    ServiceSpec created(Specs.Builder builder) {
        ServiceSpec spec = builder.build();
        messages.publish(new ServiceCreated(spec), spec.project());
        await("service is known")
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        api.get("/services/" + spec.service() + "/deployments").status() == 200);
        return spec;
    }

    void changed(ServiceSpec spec) {
        messages.publish(new ServiceUpdated(spec), spec.project());
    }

    Api.Answer deploy(ServiceId service) {
        return api.post("/services/" + service + "/deployments", "{}").expect(201);
    }

    /** Deploys and waits until it serves. */
    DeploymentId deployed(ServiceId service) {
        DeploymentId id = DeploymentId.of(deploy(service).text("/id"));
        awaitStatus(id, "deployed");
        return id;
    }

    Api.Answer awaitStatus(DeploymentId id, String status) {
        return await(id + " is " + status)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> api.get("/deployments/" + id),
                        answer -> answer.text("/deployment/status").equals(status));
    }

    Api.Answer deployment(DeploymentId id) {
        return api.get("/deployments/" + id).expect(200);
    }

    InstanceSpec instanceOf(DeploymentId deployment) {
        return messages.await(
                        EnsureInstance.class,
                        command -> command.spec().deployment().equals(deployment))
                .spec();
    }

    /** Where the latest route of the service leads. */
    List<InstanceId> routed(ServiceId service) {
        return routes(service).isEmpty()
                ? List.of()
                : routes(service).getLast().targets().stream()
                        .map(Target::instance)
                        .toList();
    }

    /** The state of the service as last announced; empty before the first time. */
    String state(ServiceSpec spec) {
        return messages.all(ServiceStateChanged.class).stream()
                .filter(event -> event.service().equals(spec.service()))
                .reduce((earlier, later) -> later)
                .map(ServiceStateChanged::state)
                .orElse("");
    }

    List<Route> routes(ServiceId service) {
        return messages.all(Route.class).stream()
                .filter(route -> route.service().equals(service))
                .toList();
    }
}
