package io.containr.agent;

import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** What every agent under test needs besides: files of its own, an intake on any port, guests on loopback addresses. */
public final class AgentTestEnvironment implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /**
     * Returns once the agent takes commands. To join its consumer groups takes it seconds, on a busy machine many; whichever test
     * came first would have to bear with that.
     */
    public static void awaitCommandsTaken(TestMessages messages) {
        InstanceSpec nobody = Specs.web("nobody", 1);
        messages.publish(
                new RemoveInstance(nobody.instance(), nobody.service(), 1, Duration.ZERO, Duration.ZERO),
                nobody.service());
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> messages.all(InstanceRemoved.class).stream()
                        .anyMatch(event -> event.instance().id().equals(nobody.instance())));
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        new TestEnvironment().initialize(context);
        // The instances that deploy-service's tests asked for are none of this cluster's.
        TestMessages.skipHistory("proxmox-agent/main");
        TestMessages.skipHistory("proxmox-agent/backups");
        try {
            Path home = Files.createTempDirectory("containr-test-agent-");
            Path token =
                    Files.writeString(home.resolve("token"), "agent@pve!test=00000000-0000-0000-0000-000000000000\n");
            // A consumer closes when its fetch was answered.
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "agent-test-consumers",
                            Map.of("spring.kafka.consumer.properties.fetch.max.wait.ms", "100")));
            context.getEnvironment()
                    .getPropertySources()
                    .addLast(new MapPropertySource(
                            "agent-test",
                            Map.ofEntries(
                                    Map.entry("containr.agent.proxmox.url", "https://127.0.0.1:1"),
                                    Map.entry("containr.agent.proxmox.token-file", token.toString()),
                                    Map.entry("containr.agent.intake.port", "0"),
                                    Map.entry("containr.agent.intake.bind", "127.0.0.1"),
                                    Map.entry(
                                            "containr.agent.intake.certificate-file",
                                            home.resolve("intake.pem").toString()),
                                    Map.entry("containr.agent.network.cidr", "127.77.0.0/22"),
                                    Map.entry("containr.agent.network.gateway", "127.77.0.1"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
