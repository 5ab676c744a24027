package io.containr.agent.template;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import io.containr.agent.AgentProperties;
import io.containr.contracts.build.PreparedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Fetches images from their registry, with this user's Docker login, into OCI archives as a storage of Proxmox VE takes them. */
@Component
class ImageArchives {

    private final Set<String> insecure;

    ImageArchives(AgentProperties properties) {
        this.insecure = Set.copyOf(properties.guests().insecureRegistries());
    }

    /** The registry answered, and does not give the image. */
    static final class NotGivenException extends IOException {
        private static final long serialVersionUID = 1L;

        NotGivenException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What is done with a file that goes afterwards. */
    @FunctionalInterface
    interface Use<T> {
        T of(Path archive);
    }

    /** @throws IOException where the registry does not answer, {@link NotGivenException} where it says no */
    <T> T with(PreparedImage image, Use<T> use) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("containr-image-");
        try {
            Path archive = directory.resolve("image.tar");
            fetch(image, archive, directory);
            return use.of(archive);
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private void fetch(PreparedImage image, Path archive, Path directory) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            ImageReference reference = ImageReference.parse(image.repository() + "@" + image.digest());
            Jib.from(RegistryImage.named(reference)
                            .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, event -> {})
                                    .dockerConfig()))
                    .setFormat(ImageFormat.OCI)
                    .containerize(Containerizer.to(TarImage.at(archive).named("containr/image"))
                            .setAllowInsecureRegistries(insecure.contains(reference.getRegistry()))
                            .setBaseImageLayersCache(directory.resolve("base"))
                            .setApplicationLayersCache(directory.resolve("layers"))
                            .setExecutorService(threads));
        } catch (ExecutionException
                | RegistryException
                | InvalidImageReferenceException
                | CacheDirectoryCreationException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String what = image.repository() + "@" + image.digest() + ": " + cause.getMessage();
            throw cause instanceof RegistryException ? new NotGivenException(what, e) : new IOException(what, e);
        } finally {
            threads.shutdown();
        }
    }
}
