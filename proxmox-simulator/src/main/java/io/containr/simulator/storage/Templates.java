package io.containr.simulator.storage;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.engine.Images;
import io.containr.simulator.engine.Login;
import io.containr.simulator.task.TaskLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Container templates: pulled from registries, or uploaded as files that become images when they are first used. */
public final class Templates implements AutoCloseable {

    private final Storages storages;
    private final Images images;
    private final Path temporary;
    private final Clock clock;
    private final Registry registry;

    /** @param directory of all data, with the nodes' files about registries in it */
    public Templates(Storages storages, Images images, Path directory, Path temporary, Clock clock) {
        this.registry = new Registry(new NodeFiles(directory));
        this.storages = storages;
        this.images = images;
        this.temporary = temporary;
        this.clock = clock;
    }

    Registry registry() {
        return registry;
    }

    /** Fetches an image into a storage; fails in skopeo's words where the registry does not have it. */
    void pull(String node, String storage, RegistryReference reference, String fileName, TaskLog log)
            throws InterruptedException {
        String source = "docker://" + reference.repository() + ":" + reference.tag();
        log.line("Pulling " + source);
        String image;
        try {
            Login login = registry.files().login(reference.host()).orElse(null);
            image = images.hold(reference.repository(), login, () -> registry.digest(reference));
        } catch (IOException e) {
            String why = e instanceof ConnectException ? "connection refused" : String.valueOf(e.getMessage());
            log.line("level=fatal msg=\"initializing source " + source + ": " + why + "\"");
            throw ApiException.failed(
                    "command 'skopeo copy " + source + " oci-archive:" + fileName + "' failed: exit code 1");
        }
        String volid = storage + ":vztmpl/" + fileName;
        try {
            long size = images.inspect(image).size();
            storages.requireSpace(node, storage, size);
            if (storages.find(node, volid).isPresent()) {
                throw ApiException.failed("refusing to override existing file '" + fileName + "'");
            }
            storages.put(node, template(volid, size, image, null));
        } catch (RuntimeException e) {
            images.release(image);
            throw e;
        }
        log.line("Image pulled into '" + volid + "'");
    }

    /** Takes over an uploaded file, in place of one of the same name. */
    void store(String node, String storage, String content, String fileName, Path file) throws IOException {
        storages.requireSpace(node, storage, Files.size(file));
        Path target = storages.files(node, storage, content).resolve(fileName);
        Files.createDirectories(target.getParent());
        Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
        String volid = storage + ":" + content + "/" + fileName;
        Optional<StoredVolume> before = storages.find(node, volid);
        storages.put(node, template(volid, Files.size(target), null, target.toString()));
        before.map(StoredVolume::image).ifPresent(images::release);
    }

    private StoredVolume template(String volid, long size, @Nullable String image, @Nullable String file) {
        String content = volid.substring(volid.indexOf(':') + 1, volid.indexOf('/'));
        return new StoredVolume(
                volid, content, format(volid), size, clock.instant().getEpochSecond(), null, null, image, null, file);
    }

    private static String format(String name) {
        if (name.endsWith(".tar")) {
            return "tar";
        }
        if (name.endsWith(".iso") || name.endsWith(".img")) {
            return "iso";
        }
        return "t" + name.substring(name.lastIndexOf('.') + 1);
    }

    /**
     * A template as an image.
     *
     * @param held to be released by whoever asked
     * @param oci whether its configuration tells what to run
     */
    public record Usable(String held, boolean oci) {}

    /** Makes a template usable; the hold is the caller's own, so the template may be deleted at any time. */
    public Usable use(String node, String volid) throws IOException {
        StoredVolume template = storages.find(node, volid)
                .filter(volume -> volume.content().equals("vztmpl"))
                .orElseThrow(() -> ApiException.failed("volume '" + volid + "' does not exist"));
        if (template.file() == null) {
            return new Usable(images.tag(Objects.requireNonNull(template.image())), true);
        }
        OciArchive archive = new OciArchive(Path.of(template.file()));
        boolean oci = archive.recognised();
        if (template.image() == null || !images.exists(template.image())) {
            String loaded = oci ? load(archive) : importRoot(archive.file());
            storages.standOn(node, volid, loaded);
            return new Usable(images.tag(loaded), oci);
        }
        return new Usable(images.tag(template.image()), oci);
    }

    private String load(OciArchive archive) throws IOException {
        Path converted = Files.createTempFile(temporary, "image", ".tar");
        try {
            String name = images.fresh();
            archive.writeForEngine(converted, name);
            try (InputStream stream = Files.newInputStream(converted)) {
                return images.load(stream, name);
            }
        } finally {
            Files.deleteIfExists(converted);
        }
    }

    private String importRoot(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            return images.importRoot(stream);
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
