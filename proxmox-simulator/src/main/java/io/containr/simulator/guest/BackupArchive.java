package io.containr.simulator.guest;

import io.containr.simulator.engine.Engine;
import io.containr.simulator.storage.Storages;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.io.input.CloseShieldInputStream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A backup: a tar of the configuration, the root file system and each mount point that is backed up, compressed as its name says. */
final class BackupArchive {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String CONFIG = "etc/vzdump/pct.json";
    private static final String ROOT = "rootfs.tar";

    private final Engine engine;
    private final Storages storages;
    private final Path temporary;

    BackupArchive(Engine engine, Storages storages, Path temporary) {
        this.engine = engine;
        this.storages = storages;
        this.temporary = temporary;
    }

    /** The guest must have a container. */
    void write(Guest guest, Path target) throws IOException {
        try (OutputStream out = compressed(target);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            add(
                    tar,
                    CONFIG,
                    stream -> stream.write(
                            MAPPER.writeValueAsBytes(guest.unlocked().config())));
            add(tar, ROOT, stream -> {
                try (InputStream root = engine.containers().export(guest.vmid())) {
                    root.transferTo(stream);
                }
            });
            for (Map.Entry<String, MountPoint> mount : guest.mounts().entrySet()) {
                if (mount.getValue().backedUp()) {
                    String volume = backing(guest, mount.getValue());
                    add(tar, mount.getKey() + ".tar", stream -> engine.volumes().export(volume, guest.image(), stream));
                }
            }
        }
    }

    private String backing(Guest guest, MountPoint mount) {
        return storages.find(guest.node(), mount.volume())
                .map(volume -> Objects.requireNonNull(volume.volume()))
                .orElseThrow();
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    /** Tar wants each size beforehand, so content passes through a file. */
    private void add(TarArchiveOutputStream tar, String name, Content content) throws IOException {
        Path part = Files.createTempFile(temporary, "backup", ".part");
        try {
            try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(part))) {
                content.writeTo(stream);
            }
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(Files.size(part));
            tar.putArchiveEntry(entry);
            Files.copy(part, tar);
            tar.closeArchiveEntry();
        } finally {
            Files.deleteIfExists(part);
        }
    }

    Map<String, String> config(Path archive) throws IOException {
        Map<String, String> config = new TreeMap<>();
        visit(archive, (name, stream) -> {
            if (name.equals(CONFIG)) {
                config.putAll(MAPPER.readValue(stream.readAllBytes(), new TypeReference<Map<String, String>>() {}));
            }
        });
        return config;
    }

    /** The root file system as an image, held for the caller. */
    String importRoot(Path archive) throws IOException {
        String[] image = new String[1];
        visit(archive, (name, stream) -> {
            if (name.equals(ROOT)) {
                image[0] = engine.images().importRoot(stream);
            }
        });
        if (image[0] == null) {
            throw new IOException("backup without a root file system: " + archive.getFileName());
        }
        return image[0];
    }

    /** Fills new volumes, by mount point, with what was backed up. */
    void fill(Path archive, Map<String, String> volumes, String image) throws IOException {
        visit(archive, (name, stream) -> {
            String volume = volumes.get(name.replaceFirst("\\.tar$", ""));
            if (volume != null) {
                engine.volumes().fill(volume, image, stream);
            }
        });
    }

    @FunctionalInterface
    private interface Visitor {
        void entry(String name, InputStream content) throws IOException;
    }

    private static void visit(Path archive, Visitor visitor) throws IOException {
        try (InputStream in = decompressed(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                // Whoever reads an entry may close it; the archive goes on.
                visitor.entry(entry.getName(), CloseShieldInputStream.wrap(tar));
            }
        }
    }

    private static OutputStream compressed(Path target) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(target));
        String algorithm = algorithm(target);
        try {
            return algorithm.isEmpty()
                    ? out
                    : new CompressorStreamFactory().createCompressorOutputStream(algorithm, out);
        } catch (CompressorException e) {
            out.close();
            throw new IOException(e);
        }
    }

    private static InputStream decompressed(Path archive) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        String algorithm = algorithm(archive);
        try {
            return algorithm.isEmpty() ? in : new CompressorStreamFactory().createCompressorInputStream(algorithm, in);
        } catch (CompressorException e) {
            in.close();
            throw new IOException(e);
        }
    }

    private static String algorithm(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".gz")) {
            return CompressorStreamFactory.GZIP;
        }
        return name.endsWith(".zst") ? CompressorStreamFactory.ZSTANDARD : "";
    }
}
