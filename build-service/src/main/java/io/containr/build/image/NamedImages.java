package io.containr.build.image;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.image.RegistrySession.Manifest;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Images under the names that users gave them, below the repository of their service: as they were built, before they were
 * prepared, so that they run anywhere. Layers are shared with what was prepared.
 */
@Component
public class NamedImages {

    private final ImagePreparation preparation;
    private final PushedManifests pushed;
    private final RegistryManifests registry;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final int keptTags;

    NamedImages(
            ImagePreparation preparation,
            PushedManifests pushed,
            RegistryManifests registry,
            JdbcClient jdbc,
            Clock clock,
            BuildProperties properties) {
        this.preparation = preparation;
        this.pushed = pushed;
        this.registry = registry;
        this.jdbc = jdbc;
        this.clock = clock;
        this.keptTags = properties.cleanup().keptTags();
    }

    /**
     * A name for an image.
     *
     * @param labels added to the image's own
     * @param command null: the image's own
     */
    public record Name(
            String repository,
            String tag,
            Map<String, String> labels,
            @Nullable List<String> command) {

        public Name {
            labels = Map.copyOf(labels);
        }
    }

    /** Names what a build pushed into the repository of its scope. */
    public void nameBuilt(String scope, String digest, Name name) throws BuildFailedException, InterruptedException {
        try (RegistrySession source = preparation.own(scope)) {
            publish(source, digest, scope, name);
        } catch (IOException | RuntimeException e) {
            throw ImagePreparation.failed("The image could not be named: the registry does not answer, try again.", e);
        }
    }

    /** Names a user's image that was prepared for the scope, so that its layers are there. */
    public void namePrebuilt(ImageName image, String scope, Name name)
            throws BuildFailedException, InterruptedException {
        try (RegistrySession source = preparation.source(image, scope)) {
            publish(source, image.qualifier(), scope, name);
        } catch (IOException | RuntimeException e) {
            throw ImagePreparation.failed("The image could not be named: a registry does not answer, try again.", e);
        }
    }

    private void publish(RegistrySession source, String qualifier, String scope, Name name)
            throws BuildFailedException, IOException {
        String repository = scope + "/" + name.repository();
        try (RegistrySession target = preparation.own(repository)) {
            Manifest manifest = source.pull(qualifier);
            for (DescriptorDigest layer : manifest.layers()) {
                target.pushFrom(scope, layer, source.stream(layer));
            }
            byte[] configuration = source.blob(manifest.configuration());
            if (!name.labels().isEmpty() || name.command() != null) {
                configuration = ImageConfiguration.parse(configuration).named(name.labels(), name.command());
            }
            DescriptorDigest configurationDigest = GuestInit.digest(configuration);
            target.push(configurationDigest, configuration);
            BuildableManifestTemplate template = manifest.template();
            template.setContainerConfiguration(configuration.length, configurationDigest);
            String digest = target.push(template, name.tag()).toString();
            pushed.record(repository, digest, PushedManifests.Kind.NAMED);
            remember(scope, repository, name.tag(), digest);
        }
    }

    /** What the tag named before goes, unless another tag names it too; so does what is beyond the tags that are kept. */
    private void remember(String scope, String repository, String tag, String digest) {
        List<String> unnamed =
                new ArrayList<>(jdbc.sql("select digest from named_image where repository = :repository and tag = :tag")
                        .param("repository", repository)
                        .param("tag", tag)
                        .query(String.class)
                        .list());
        jdbc.sql("""
                insert into named_image (repository, tag, digest, named_at) values (:repository, :tag, :digest, :now)
                on conflict (repository, tag) do update set digest = excluded.digest, named_at = excluded.named_at""")
                .param("repository", repository)
                .param("tag", tag)
                .param("digest", digest)
                .param("now", Timestamp.from(clock.instant()))
                .update();
        if (scope.startsWith(PushedManifests.PROJECTS)) {
            unnamed.addAll(forgetOldest(repository));
        }
        unnamed.stream()
                .distinct()
                .filter(old -> !isNamed(repository, old))
                .forEach(old -> registry.delete(repository, old));
    }

    /** A service has few; a project may be built under a new tag every hour. */
    private List<String> forgetOldest(String repository) {
        return jdbc.sql("""
                delete from named_image where repository = :repository and tag in (
                    select tag from named_image where repository = :repository
                    order by named_at desc, tag offset :kept)
                returning digest""")
                .param("repository", repository)
                .param("kept", keptTags)
                .query(String.class)
                .list();
    }

    private boolean isNamed(String repository, String digest) {
        return jdbc.sql("select exists (select 1 from named_image where repository = :repository and digest = :digest)")
                .param("repository", repository)
                .param("digest", digest)
                .query(Boolean.class)
                .single();
    }

    /** Takes everything that was named below a scope out of the registry. */
    public void removeAll(String scope) {
        pushed.below(scope).forEach(manifest -> registry.delete(manifest.repository(), manifest.digest()));
        jdbc.sql("delete from named_image where starts_with(repository, :prefix)")
                .param("prefix", scope + "/")
                .update();
    }
}
