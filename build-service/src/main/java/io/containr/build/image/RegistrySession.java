package io.containr.build.image;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.hash.Digests;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One repository of one registry, for the time of one preparation. The only class that uses jib-core's registry client,
 * which its maintainers count as internal: jib's public builder neither tells a base image's configuration nor keeps it.
 */
final class RegistrySession implements AutoCloseable {

    private static final String ARCHITECTURE = "amd64";
    private static final String OPERATING_SYSTEM = "linux";

    private final String name;
    private final FailoverHttpClient http;
    private final RegistryClient client;
    private final boolean anonymous;
    private boolean authenticated;

    RegistrySession(String registry, String repository, boolean insecure, @Nullable Credential credential) {
        this.name = registry + "/" + repository;
        this.http = new FailoverHttpClient(insecure, insecure, event -> {});
        RegistryClient.Factory factory = RegistryClient.factory(EventHandlers.NONE, registry, repository, http)
                .setUserAgent("containr");
        this.anonymous = credential == null;
        if (credential != null) {
            factory.setCredential(credential);
        }
        this.client = factory.newRegistryClient();
        if (credential != null) {
            client.configureBasicAuth();
        }
    }

    /** The image's manifest for our platform, whatever lists it stands in. */
    Manifest pull(String qualifier) throws BuildFailedException, IOException {
        ManifestAndDigest<ManifestTemplate> pulled = call(() -> client.pullManifest(qualifier));
        if (pulled.getManifest() instanceof ManifestListTemplate list) {
            List<String> digests = list.getDigestsForPlatform(ARCHITECTURE, OPERATING_SYSTEM);
            if (digests.isEmpty()) {
                throw unsupported();
            }
            pulled = call(() -> client.pullManifest(digests.getFirst()));
        }
        if (pulled.getManifest() instanceof BuildableManifestTemplate manifest) {
            return new Manifest(manifest, pulled.getDigest());
        }
        throw new BuildFailedException(
                BuildErrorCode.IMAGE_INVALID, name + " has a manifest of a kind that is no longer in use.");
    }

    BuildFailedException unsupported() {
        return new BuildFailedException(
                BuildErrorCode.IMAGE_PLATFORM_UNSUPPORTED,
                "%s has no variant for %s/%s.".formatted(name, OPERATING_SYSTEM, ARCHITECTURE));
    }

    static boolean supports(String operatingSystem, String architecture) {
        return operatingSystem.equals(OPERATING_SYSTEM) && architecture.equals(ARCHITECTURE);
    }

    boolean has(DescriptorDigest manifest) throws BuildFailedException, IOException {
        return call(() -> client.checkManifest(manifest.toString())).isPresent();
    }

    byte[] blob(DescriptorDigest digest) throws BuildFailedException, IOException {
        return call(() -> Blobs.writeToByteArray(client.pullBlob(digest, size -> {}, count -> {})));
    }

    /** A blob that is read from here when it is written somewhere else; its digest is checked on the way. */
    Blob stream(DescriptorDigest digest) {
        return client.pullBlob(digest, size -> {}, count -> {});
    }

    void push(DescriptorDigest digest, byte[] bytes) throws BuildFailedException, IOException {
        push(digest, Blobs.from(output -> new ByteArrayInputStream(bytes).transferTo(output), true));
    }

    void push(DescriptorDigest digest, Blob blob) throws BuildFailedException, IOException {
        call(() -> client.checkBlob(digest).isPresent() || client.pushBlob(digest, blob, null, count -> {}));
    }

    /** Shares a blob with another repository of the same registry, where it is there; else it is written. */
    void pushFrom(String repository, DescriptorDigest digest, Blob blob) throws BuildFailedException, IOException {
        call(() -> client.checkBlob(digest).isPresent() || client.pushBlob(digest, blob, repository, count -> {}));
    }

    DescriptorDigest push(BuildableManifestTemplate manifest, String tag) throws BuildFailedException, IOException {
        return call(() -> client.pushManifest(manifest, tag));
    }

    /** Pushes under a tag that is the manifest's own hash. */
    DescriptorDigest push(BuildableManifestTemplate manifest) throws BuildFailedException, IOException {
        return push(manifest, Digests.computeJsonDigest(manifest).getHash());
    }

    private <T> T call(Request<T> request) throws BuildFailedException, IOException {
        try {
            try {
                return request.send();
            } catch (RegistryUnauthorizedException e) {
                if (!anonymous || authenticated) {
                    throw e;
                }
                authenticated = true;
                client.doPullBearerAuth();
                return request.send();
            }
        } catch (RegistryUnauthorizedException e) {
            throw notFound(e);
        } catch (RegistryException e) {
            if (isNotFound(e)) {
                throw notFound(e);
            }
            throw new IOException("the registry refused", e);
        } catch (ResponseException e) {
            if (isNotFound(e)) {
                throw notFound(e);
            }
            throw e;
        }
    }

    private BuildFailedException notFound(Exception cause) {
        return new BuildFailedException(
                BuildErrorCode.IMAGE_NOT_FOUND, "There is no image " + name + " of that tag, or it is private.", cause);
    }

    private static boolean isNotFound(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ResponseException response && response.getStatusCode() == 404) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        http.shutDown();
    }

    /** A manifest that names one configuration and its layers. */
    record Manifest(BuildableManifestTemplate template, DescriptorDigest digest) {

        DescriptorDigest configuration() {
            BuildableManifestTemplate.ContentDescriptorTemplate configuration = template.getContainerConfiguration();
            if (configuration == null || configuration.getDigest() == null) {
                throw new IllegalStateException("a manifest without a configuration");
            }
            return configuration.getDigest();
        }

        List<DescriptorDigest> layers() {
            return template.getLayers().stream()
                    .map(BuildableManifestTemplate.ContentDescriptorTemplate::getDigest)
                    .toList();
        }

        long size() {
            return template.getLayers().stream()
                    .mapToLong(BuildableManifestTemplate.ContentDescriptorTemplate::getSize)
                    .sum();
        }
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws IOException, RegistryException;
    }
}
