package io.containr.proxmox.conformance;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.util.FileSystemUtils;

/**
 * An image of one static program: a web server that shows its environment and ends on SIGTERM, and another entrypoint that
 * ignores it. A tag of its own for each run.
 *
 * @param repository with the registry
 * @param run the tag
 */
public record TestImage(String repository, String run) {

    static final String NAME = "containr-conformance";
    static final int PORT = 8080;
    static final String SERVER = "/app/server";
    static final String DEAF = "/app/deaf";

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");

    public String reference() {
        return repository + ":" + run;
    }

    /** Name of the template, without its ending. */
    public String file() {
        return NAME + "-" + run;
    }

    /** Builds and pushes it, with the credentials that this user's Docker settings hold for the registry. */
    public static TestImage publish(String registry) throws Exception {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new IOException(BUSYBOX + " is missing: install the package busybox-static");
        }
        byte[] random = new byte[5];
        ThreadLocalRandom.current().nextBytes(random);
        TestImage image = new TestImage(registry + "/" + NAME, HexFormat.of().formatHex(random));
        Path home = Files.createTempDirectory("containr-conformance-");
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Path server = Files.writeString(home.resolve("server"), """
                    #!/bin/busybox sh
                    trap 'exit 0' TERM
                    /bin/busybox mkdir -p /www
                    /bin/busybox env > /www/env
                    /bin/busybox httpd -p %d -h /www
                    while :; do /bin/busybox sleep 1 & wait $!; done
                    """.formatted(PORT));
            Path deaf = Files.writeString(home.resolve("deaf"), """
                    #!/bin/busybox sh
                    trap '' TERM
                    while :; do /bin/busybox sleep 1; done
                    """);
            ImageReference reference = ImageReference.parse(image.reference());
            Jib.fromScratch()
                    .addFileEntriesLayer(FileEntriesLayer.builder()
                            .addEntry(BUSYBOX, AbsoluteUnixPath.get("/bin/busybox"), EXECUTABLE)
                            .addEntry(server, AbsoluteUnixPath.get(SERVER), EXECUTABLE)
                            .addEntry(deaf, AbsoluteUnixPath.get(DEAF), EXECUTABLE)
                            .build())
                    .setEntrypoint(SERVER, "two words")
                    .setEnvironment(Map.of("FROM_IMAGE", "yes"))
                    .setLabels(Map.of("run", image.run()))
                    .containerize(Containerizer.to(RegistryImage.named(reference)
                                    .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, _ -> {})
                                            .dockerConfig()))
                            .setAllowInsecureRegistries(true)
                            .setBaseImageLayersCache(home.resolve("cache"))
                            .setApplicationLayersCache(home.resolve("cache"))
                            .setExecutorService(threads));
            return image;
        } finally {
            threads.shutdown();
            FileSystemUtils.deleteRecursively(home);
        }
    }
}
