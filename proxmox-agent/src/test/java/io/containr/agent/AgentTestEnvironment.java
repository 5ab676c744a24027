package io.containr.agent;

import io.containr.testing.TestEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** What every agent under test needs besides: files of its own, an intake on any port, guests on loopback addresses. */
public final class AgentTestEnvironment implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        new TestEnvironment().initialize(context);
        try {
            Path home = Files.createTempDirectory("containr-test-agent-");
            Path token =
                    Files.writeString(home.resolve("token"), "agent@pve!test=00000000-0000-0000-0000-000000000000\n");
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
