package io.containr.agent.simulated;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import io.containr.contracts.build.PreparedImage;
import io.containr.guestinit.GuestInitBinary;
import io.containr.local.LocalRegistry;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.FileSystemUtils;

/** A simulated cluster of two nodes whose guests are real processes, and a registry with a small image. Ends with the JVM. */
public final class SimulatedCluster implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static @Nullable Lab lab;

    record Lab(Path home, SimulatorServer simulator, LocalRegistry registry) {

        /** An image with nothing but guest-init and busybox; another digest each time. */
        PreparedImage publishImage() throws Exception {
            Path init = home.resolve("guest-init");
            if (Files.notExists(init)) {
                try (InputStream binary = GuestInitBinary.open()) {
                    Files.copy(binary, init);
                }
            }
            FilePermissions executable = FilePermissions.fromOctalString("755");
            String repository = registry.address() + "/busybox";
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                JibContainer pushed = Jib.fromScratch()
                        .addFileEntriesLayer(FileEntriesLayer.builder()
                                .addEntry(init, AbsoluteUnixPath.get("/.containr/init"), executable)
                                .addEntry(BUSYBOX, AbsoluteUnixPath.get("/bin/busybox"), executable)
                                .build())
                        .setEntrypoint("/.containr/init")
                        .setLabels(Map.of("unique", UUID.randomUUID().toString()))
                        .containerize(Containerizer.to(RegistryImage.named(repository + ":latest"))
                                .setAllowInsecureRegistries(true)
                                .setBaseImageLayersCache(home.resolve("jib"))
                                .setApplicationLayersCache(home.resolve("jib"))
                                .setExecutorService(threads));
                String digest = pushed.getDigest().toString();
                return new PreparedImage(
                        repository,
                        "latest",
                        digest,
                        Files.size(BUSYBOX),
                        new PreparedImage.Config(
                                List.of("/bin/busybox", "sh", "-c"),
                                List.of("/bin/busybox sleep 1000000"),
                                Map.of("FROM_IMAGE", "yes"),
                                "",
                                "/",
                                "SIGTERM",
                                List.of(),
                                List.of(),
                                null));
            } finally {
                threads.shutdown();
            }
        }
    }

    static synchronized Lab lab() {
        if (lab == null) {
            try {
                Path home = Files.createTempDirectory("containr-test-lab-");
                LocalRegistry registry = LocalRegistry.start(home.resolve("registry"), 0);
                SimulatorServer simulator = SimulatorServer.start(
                        SimulatorConfig.in(home.resolve("simulator")).withFirewall(true));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    simulator.close(true);
                    registry.close();
                    FileSystemUtils.deleteRecursively(home.toFile());
                }));
                lab = new Lab(home, simulator, registry);
            } catch (Exception e) {
                throw new IllegalStateException("no simulated cluster", e);
            }
        }
        return lab;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        SimulatorServer simulator = lab().simulator();
        try {
            Path token = lab().home().resolve("agent-token");
            ApiToken granted = simulator.setUpPool("containr");
            Files.writeString(token, granted.id() + "=" + granted.secret());
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "simulated",
                            Map.of(
                                    "containr.agent.proxmox.url",
                                    simulator.baseUri().toString(),
                                    "containr.agent.proxmox.fingerprint",
                                    simulator.fingerprint(),
                                    "containr.agent.proxmox.token-file",
                                    token.toString(),
                                    "containr.agent.network.cidr",
                                    simulator.network().subnet(),
                                    "containr.agent.network.gateway",
                                    simulator.network().gateway(),
                                    "containr.agent.intake.bind",
                                    simulator.network().gateway())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
