package io.containr.build.image;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.image.RegistrySession.Manifest;
import io.containr.contracts.build.PreparedImage;
import io.containr.runtime.net.DestinationGuard;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes images ready to run, from registry to registry: guest-init is added as a layer and becomes the program that
 * starts, and what the image itself says about running it is read out beforehand. The same image always gives the same
 * result, and one that was prepared before costs two requests.
 */
@Component
public class ImagePreparation {

    private static final Logger log = LoggerFactory.getLogger(ImagePreparation.class);
    private static final int PARALLEL_LAYERS = 4;

    /** Where an operator puts copies of database engines' images; no build writes there. */
    private static final String ENGINES = "engines/";

    private final RegistryAccess registry;
    private final GuestInit guestInit;
    private final PreparedImages prepared;
    private final PushedManifests pushed;
    private final BuildProperties.Images settings;
    private final DestinationGuard guard;

    ImagePreparation(
            RegistryAccess registry,
            GuestInit guestInit,
            PreparedImages prepared,
            PushedManifests pushed,
            BuildProperties properties) {
        this.registry = registry;
        this.guestInit = guestInit;
        this.prepared = prepared;
        this.pushed = pushed;
        this.settings = properties.images();
        this.guard = new DestinationGuard(settings.allowedPrivateHosts());
    }

    /** Prepares what a build pushed into a repository of the platform's registry. */
    public PreparedImage prepareBuilt(String repository, String digest)
            throws BuildFailedException, InterruptedException {
        try (RegistrySession session = own(repository)) {
            return prepare(session, session, repository, digest);
        } catch (IOException | RuntimeException e) {
            throw failed("The image could not be prepared: the registry does not answer, try again.", e);
        }
    }

    /**
     * Prepares a user's image into a repository of the platform's registry.
     *
     * @throws BuildFailedException IMAGE_FORBIDDEN for an image of somebody else's service, among others
     */
    public PreparedImage preparePrebuilt(ImageName image, String repository)
            throws BuildFailedException, InterruptedException {
        try (RegistrySession target = own(repository);
                RegistrySession source = source(image, repository)) {
            return prepare(source, target, repository, image.qualifier());
        } catch (IOException | RuntimeException e) {
            throw failed("The image " + image + " could not be copied: a registry does not answer, try again.", e);
        }
    }

    /** Makes guest-init's layer and asks the platform's registry for something. */
    public void warmUp() throws IOException, BuildFailedException {
        try (RegistrySession session = own("containr/warm-up")) {
            session.has(guestInit.layer().digest());
        }
    }

    /** Where a user's image is read from, if it may be: another service's are out of bounds. */
    RegistrySession source(ImageName image, String repository) throws BuildFailedException {
        if (image.registry().equalsIgnoreCase(registry.address())) {
            boolean own =
                    image.repository().equals(repository) || image.repository().startsWith(repository + "/");
            if (!own && !image.repository().startsWith(ENGINES)) {
                throw new BuildFailedException(BuildErrorCode.IMAGE_FORBIDDEN, "The image is not one of this service.");
            }
            return own(image.repository());
        }
        guardDestination(image);
        boolean insecure = settings.insecureRegistries().contains(image.registry());
        return new RegistrySession(image.registry(), image.repository(), insecure, null);
    }

    RegistrySession own(String repository) {
        return new RegistrySession(registry.address(), repository, registry.insecure(), registry.credential());
    }

    private void guardDestination(ImageName image) throws BuildFailedException {
        try {
            URI uri = URI.create("https://" + image.registry());
            guard.resolve(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort());
        } catch (ForbiddenDestinationException e) {
            throw new BuildFailedException(
                    BuildErrorCode.IMAGE_FORBIDDEN,
                    "The image's registry must have a public address, unless an operator allows it.",
                    e);
        } catch (UnknownHostException e) {
            throw new BuildFailedException(
                    BuildErrorCode.IMAGE_NOT_FOUND, "There is no registry " + image.registry() + ".", e);
        }
    }

    private PreparedImage prepare(RegistrySession source, RegistrySession target, String repository, String qualifier)
            throws BuildFailedException, IOException, InterruptedException {
        Manifest manifest = source.pull(qualifier);
        if (manifest.size() > settings.maxSize().toBytes()) {
            throw new BuildFailedException(
                    BuildErrorCode.IMAGE_TOO_LARGE,
                    "The image is larger than %d MB."
                            .formatted(settings.maxSize().toMegabytes()));
        }
        Optional<PreparedImage> known =
                prepared.find(repository, manifest.digest(), guestInit.layer().digest());
        if (known.isPresent() && target.has(PreparedImages.digest(known.get()))) {
            pushed.record(repository, known.get().digest(), PushedManifests.Kind.PREPARED);
            return known.get();
        }
        ImageConfiguration configuration = ImageConfiguration.parse(source.blob(manifest.configuration()));
        if (!configuration.runsHere()) {
            throw source.unsupported();
        }
        configuration.requireReplaceablePid1();
        if (source != target) {
            copy(manifest.layers(), source, target);
        }
        PreparedImage result = push(manifest, configuration, target, repository);
        prepared.record(repository, manifest.digest(), guestInit.layer().digest(), result);
        return result;
    }

    private PreparedImage push(
            Manifest manifest, ImageConfiguration configuration, RegistrySession target, String repository)
            throws BuildFailedException, IOException {
        DescriptorDigest source = manifest.digest();
        GuestInit.Layer init = guestInit.layer();
        target.push(init.digest(), init.bytes());
        byte[] preparedConfiguration = configuration.prepared(init.diffId());
        DescriptorDigest configurationDigest = GuestInit.digest(preparedConfiguration);
        target.push(configurationDigest, preparedConfiguration);
        BuildableManifestTemplate template = manifest.template();
        template.addLayer(init.bytes().length, init.digest());
        template.setContainerConfiguration(preparedConfiguration.length, configurationDigest);
        DescriptorDigest digest = target.push(template);
        pushed.record(repository, digest.toString(), PushedManifests.Kind.PREPARED);
        log.debug("{} became {}", source, digest);
        return new PreparedImage(
                registry.address() + "/" + repository,
                digest.getHash(),
                digest.toString(),
                manifest.size(),
                configuration.original());
    }

    /** Interrupting the thread that waits interrupts the copies. */
    private static void copy(List<DescriptorDigest> layers, RegistrySession source, RegistrySession target)
            throws BuildFailedException, IOException, InterruptedException {
        List<Callable<Void>> copies = layers.stream()
                .distinct()
                .<Callable<Void>>map(layer -> () -> {
                    target.push(layer, source.stream(layer));
                    return null;
                })
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                PARALLEL_LAYERS, Thread.ofVirtual().name("layer-", 0).factory())) {
            for (Future<Void> copied : threads.invokeAll(copies)) {
                copied.get();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case BuildFailedException failure -> throw failure;
                case IOException failure -> throw failure;
                case null, default -> throw new IllegalStateException("a layer was not copied", e.getCause());
            }
        }
    }

    static BuildFailedException failed(String message, Exception cause) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("preparation interrupted");
        }
        return new BuildFailedException(BuildErrorCode.REGISTRY_UNAVAILABLE, message, cause);
    }
}
