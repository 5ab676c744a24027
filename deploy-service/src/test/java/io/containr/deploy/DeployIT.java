package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.deploy.DeployEvent.DeploymentSucceeded;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.DeploymentRequested;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** From a request to a release that serves, and back to the one before. */
class DeployIT extends DeployServiceTest {

    @Test
    void aDeploymentIsBuiltStartedRoutedAndServes() {
        ServiceSpec spec = created(service().named("Web Shop", "Söme Project " + owner));
        DeploymentId id = deployed(spec.service());

        Api.Answer answer = deployment(id);
        assertThat(answer.text("/deployment/url"))
                .matches("http://web-shop-some-project-[a-f0-9-]+\\.apps\\.localhost:8080");
        assertThat(answer.text("/deployment/commit_message")).isEqualTo("Say hello");
        assertThat(answer.json().at("/deployment/phases/build").asInt()).isEqualTo(300);
        assertThat(answer.json().at("/deployment/phases/start").asInt()).isEqualTo(20);
        assertThat(answer.json().at("/deployment/phases").has("route")).isTrue();
        assertThat(answer.json().at("/deployment/serving").asBoolean()).isTrue();
        assertThat(routed(spec.service())).containsExactly(instanceOf(id).instance());
        assertThat(messages.await(
                                DeploymentSucceeded.class,
                                event -> event.deployment().equals(id))
                        .url())
                .isEqualTo(answer.text("/deployment/url"));
    }

    @Test
    void theOldInstanceServesUntilTheNewOneDoesAndThenDrains() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        world.runByHand(spec.service());
        DeploymentId second = DeploymentId.of(deploy(spec.service()).text("/id"));

        InstanceSpec fresh = instanceOf(second);
        assertThat(fresh.generation()).isGreaterThan(old.generation());
        assertThat(routed(spec.service())).containsExactly(old.instance());
        world.healthy(fresh);
        awaitStatus(second, "deployed");

        assertThat(routed(spec.service())).containsExactly(fresh.instance());
        RemoveInstance removal = messages.await(
                RemoveInstance.class, command -> command.instance().equals(old.instance()));
        assertThat(removal.drain()).isEqualTo(Duration.ofSeconds(10));
        assertThat(removal.grace()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aRollbackBringsTheOldReleaseBackWithoutABuild() {
        ServiceSpec spec = created(service());
        DeploymentId first = deployed(spec.service());
        DeploymentId second = deployed(spec.service());

        Api.Answer answer = api.post("/deployments/" + first + "/rollback").expect(201);
        DeploymentId back = DeploymentId.of(answer.text("/deployment/id"));
        assertThat(answer.text("/message")).isNotBlank();
        awaitStatus(back, "deployed");

        assertThat(instanceOf(back).image()).isEqualTo(instanceOf(first).image());
        assertThat(instanceOf(back).image()).isNotEqualTo(instanceOf(second).image());
        assertThat(messages.all(StartBuild.class)).noneMatch(build -> back.equals(build.deployment()));
        assertThat(deployment(back).text("/deployment/rollback_of")).isEqualTo(first.toString());
        assertThat(deployment(back).text("/deployment/trigger")).isEqualTo("rollback");
        await().untilAsserted(() -> assertThat(routed(spec.service()))
                .containsExactly(instanceOf(back).instance()));
    }

    @Test
    void whatProjectServiceAsksForIsDeployedOnceHoweverOftenItSaysSo() {
        ServiceSpec spec = created(service());
        DeploymentRequested wish = new DeploymentRequested(spec.service(), spec.project(), spec.owner(), "nodejs");
        UUID message = Ids.next();
        messages.publish(message, wish, spec.project());
        messages.publish(message, wish, spec.project());
        messages.publish(
                new DeploymentRequested(new ServiceId(Ids.next()), spec.project(), spec.owner(), null), spec.project());

        await().until(() -> api.get("/services/" + spec.service() + "/deployments")
                .json()
                .at("/deployments/0/status")
                .asString("")
                .equals("deployed"));
        Api.Answer list = api.get("/services/" + spec.service() + "/deployments");
        assertThat(list.json().at("/pagination/total").asInt()).isEqualTo(1);
        assertThat(list.text("/deployments/0/trigger")).isEqualTo("manual");
    }

    @Test
    void aPushIsDeployedOnceWithItsCommitAuthorAndMessage() {
        ServiceSpec spec = created(service());
        world.buildByHand(spec.service());
        UUID message = Ids.next();
        messages.publish(message, push(spec, "a".repeat(40)), spec.project());
        messages.publish(message, push(spec, "a".repeat(40)), spec.project());
        messages.publish(push(spec, "a".repeat(40)), spec.project());
        messages.publish(push(spec, "b".repeat(40)), spec.project());
        messages.publish(push(spec, "c".repeat(40)), spec.project());

        StartBuild build = messages.await(
                StartBuild.class,
                command -> command.service().equals(spec.service())
                        && "c".repeat(40).equals(command.commit()));
        assertThat(build.branch()).isEqualTo("main");
        await().untilAsserted(() -> {
            JsonNode list =
                    api.get("/services/" + spec.service() + "/deployments").json();
            assertThat(list.at("/deployments")
                            .valueStream()
                            .map(deployment ->
                                    deployment.path("commit_hash").asString().charAt(0)
                                            + deployment.path("status").asString()))
                    .containsExactly("cqueued", "bsuperseded", "asuperseded");
        });
        JsonNode newest =
                api.get("/services/" + spec.service() + "/deployments").json().at("/deployments/0");
        assertThat(newest.path("trigger").asString()).isEqualTo("webhook");
        assertThat(newest.path("branch").asString()).isEqualTo("main");
        assertThat(newest.path("commit_message").asString()).isEqualTo("Say hello");
        assertThat(newest.path("commit_author").asString()).isEqualTo("Ada <ada@example.com>");
    }

    @Test
    void aPushToAServiceThatIsStoppedGoneOrMadeFromAnImageDeploysNothing() {
        ServiceSpec stopped = created(service().stopped());
        ServiceSpec image =
                created(service().from(new ServiceSource(ServiceSource.Type.IMAGE, null, null, null, null, "nginx")));
        ServiceSpec unknown = service().build();
        ServiceSpec running = created(service());
        messages.publish(push(stopped, "a".repeat(40)), running.project());
        messages.publish(push(image, "a".repeat(40)), running.project());
        messages.publish(push(unknown, "a".repeat(40)), running.project());
        messages.publish(push(running, "a".repeat(40)), running.project());

        await().until(() -> total(running) == 1);
        assertThat(total(stopped)).isZero();
        assertThat(total(image)).isZero();
    }

    private int total(ServiceSpec spec) {
        return api.get("/services/" + spec.service() + "/deployments")
                .json()
                .at("/pagination/total")
                .asInt();
    }

    private static PushReceived push(ServiceSpec spec, String commit) {
        return new PushReceived(
                spec.service(),
                spec.project(),
                spec.owner(),
                "github",
                commit,
                "main",
                commit,
                "Say hello",
                "Ada <ada@example.com>");
    }
}
