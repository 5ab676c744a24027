package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Nodes that never ask the registry: the agent brings them the images. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.config.name=proxmox-agent", "containr.agent.guests.upload-images=true"})
@ContextConfiguration(
        initializers = {AgentTestEnvironment.class, SimulatedCluster.class, UploadedImageIT.Registry.class})
@DirtiesContext
class UploadedImageIT {

    static final class Registry implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "registry",
                            Map.of(
                                    "containr.agent.guests.insecure-registries",
                                    SimulatedCluster.lab().registry().address())));
        }
    }

    @Autowired
    private Proxmox proxmox;

    @Test
    void guestsRunFromUploadedArchives() throws Exception {
        Instant begin = Instant.now();
        PreparedImage image = SimulatedCluster.lab().publishImage();
        try (TestMessages messages = new TestMessages()) {
            AgentTestEnvironment.awaitCommandsTaken(messages);
            InstanceSpec spec = Specs.running(
                    Specs.web("uploaded", 8080, image),
                    List.of("/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/bin"));
            messages.publish(new EnsureInstance(spec), spec.service());
            messages.await(
                    InstanceBecameHealthy.class, event -> event.instance().id().equals(spec.instance()));
            String node = messages.await(
                            InstanceStarted.class,
                            event -> event.instance().id().equals(spec.instance()))
                    .node();
            String file = "containr-" + image.digest().replace(':', '-') + ".tar";
            assertThat(proxmox.findTask(node, "ociregistrypull", file, begin)).isEmpty();
            assertThat(proxmox.templates(node, "local")).contains("local:vztmpl/" + file);

            InstanceSpec missing = Specs.web("missing", 8080, gone(image));
            messages.publish(new EnsureInstance(missing), missing.service());
            InstanceFailed failed = messages.await(
                    InstanceFailed.class, event -> event.instance().id().equals(missing.instance()));
            assertThat(failed.failure().code()).isEqualTo("IMAGE_PULL_FAILED");

            for (InstanceSpec each : List.of(spec, missing)) {
                messages.publish(
                        new RemoveInstance(each.instance(), each.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                        each.service());
                messages.await(
                        InstanceRemoved.class, event -> event.instance().id().equals(each.instance()));
            }
        }
    }

    private static PreparedImage gone(PreparedImage image) {
        return new PreparedImage(
                image.repository(), "gone", "sha256:" + "%064x".formatted(1), image.sizeBytes(), image.config());
    }
}
