package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.contracts.project.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PushStormIT extends DeployServiceTest {

    private static final int HEADS = 20;

    /** Three services, twenty pushes to each at once, and every head told a second time as if it had been seen at the branch as well. */
    @Test
    void everyHeadHasOneDeploymentAndTheNewestOneGoesOn() {
        List<ServiceSpec> services = List.of(created(service()), created(service()), created(service()));
        services.forEach(spec -> world.buildByHand(spec.service()));
        List<String> heads = new ArrayList<>();
        for (int i = 0; i < HEADS; i++) {
            String head = (UUID.randomUUID().toString() + UUID.randomUUID())
                    .replace("-", "")
                    .substring(0, 40);
            heads.add(head);
            services.forEach(spec -> {
                push(spec, "github", head);
                push(spec, "git", head);
            });
        }

        for (ServiceSpec spec : services) {
            await().until(() -> deployments(spec.service()).stream()
                    .anyMatch(deployment ->
                            deployment.path("commit_hash").asString().equals(heads.getLast())));
            await().until(() -> count(spec.service(), "superseded") == HEADS - 1);
            assertThat(deployments(spec.service()))
                    .extracting(deployment -> deployment.path("commit_hash").asString())
                    .containsExactlyElementsOf(heads.reversed());
            assertThat(deployments(spec.service()))
                    .allMatch(
                            deployment -> deployment.path("trigger").asString().equals("webhook"));
        }
    }

    private void push(ServiceSpec spec, String provider, String head) {
        messages.publish(
                new PushReceived(
                        spec.service(), spec.project(), owner, provider, null, "main", head, "Say hello", null),
                spec.project());
    }

    private long count(ServiceId service, String status) {
        return deployments(service).stream()
                .filter(deployment -> deployment.path("status").asString().equals(status))
                .count();
    }

    private List<JsonNode> deployments(ServiceId service) {
        return api.get("/services/" + service + "/deployments?limit=100")
                .expect(200)
                .json()
                .path("deployments")
                .valueStream()
                .toList();
    }
}
