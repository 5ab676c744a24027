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
import io.containr.runtime.net.TrustedCertificates;
import io.containr.testing.LockedRegistry;
import io.containr.testing.TestMessages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;
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
            new TrustedCertificates()
                    .postProcessEnvironment(
                            new MockEnvironment()
                                    .withProperty(
                                            TrustedCertificates.SETTING,
                                            lockedRegistry.certificate().toString()),
                            new SpringApplication());
        }
    }

    /** With the same images, a login, and a certificate of an authority that only the settings name. */
    private static LockedRegistry lockedRegistry;

    private static String home;

    @BeforeAll
    static void startLockedRegistry(@TempDir Path directory) throws Exception {
        lockedRegistry = LockedRegistry.start(
                directory.resolve("registry"), SimulatedCluster.lab().home().resolve("registry/images"));
        lockedRegistry.login(
                Files.createDirectories(directory.resolve(".docker")).resolve("config.json"));
        home = System.setProperty("user.home", directory.toString());
    }

    @AfterAll
    static void stopLockedRegistry() {
        System.setProperty("user.home", home);
        lockedRegistry.close();
    }

    @Autowired
    private Proxmox proxmox;

    @Test
    void guestsRunFromUploadedArchivesAlsoOfARegistryWithALoginAndAPrivateAuthority() throws Exception {
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

            InstanceSpec locked = Specs.running(
                    Specs.web(
                            "locked",
                            8080,
                            at(lockedRegistry.address(), SimulatedCluster.lab().publishImage())),
                    List.of("/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/bin"));
            messages.publish(new EnsureInstance(locked), locked.service());
            messages.await(
                    InstanceBecameHealthy.class, event -> event.instance().id().equals(locked.instance()));

            InstanceSpec missing = Specs.web("missing", 8080, gone(image));
            messages.publish(new EnsureInstance(missing), missing.service());
            InstanceFailed failed = messages.await(
                    InstanceFailed.class, event -> event.instance().id().equals(missing.instance()));
            assertThat(failed.failure().code()).isEqualTo("IMAGE_PULL_FAILED");

            for (InstanceSpec each : List.of(spec, locked, missing)) {
                messages.publish(
                        new RemoveInstance(each.instance(), each.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                        each.service());
                messages.await(
                        InstanceRemoved.class, event -> event.instance().id().equals(each.instance()));
            }
        }
    }

    private static PreparedImage at(String registry, PreparedImage image) {
        String name = image.repository().substring(image.repository().indexOf('/'));
        return new PreparedImage(registry + name, image.tag(), image.digest(), image.sizeBytes(), image.config());
    }

    private static PreparedImage gone(PreparedImage image) {
        return new PreparedImage(
                image.repository(), "gone", "sha256:" + "%064x".formatted(1), image.sizeBytes(), image.config());
    }
}
