package io.containr.simulator.storage;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An image as an OCI archive. Recognised as Proxmox does it: a plain tar of exactly {@code oci-layout}, {@code index.json} and
 * {@code blobs/}, names without {@code ./} before them.
 */
record OciArchive(Path file) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Set<String> TOP = Set.of("oci-layout", "index.json", "blobs");

    /** Whether the file is an OCI archive rather than the tar of a root file system. */
    boolean recognised() throws IOException {
        if (!file.getFileName().toString().endsWith(".tar")) {
            return false;
        }
        Set<String> seen = new HashSet<>();
        try (TarArchiveInputStream tar = open()) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String top = entry.getName().split("/", 2)[0];
                if (!TOP.contains(top)) {
                    return false;
                }
                seen.add(top);
            }
        }
        return seen.equals(TOP);
    }

    /** Writes the same image as {@code docker save} would, for engines that cannot load OCI archives. */
    void writeForEngine(Path target, String name) throws IOException {
        JsonNode index = json("index.json");
        JsonNode manifest =
                json(blob(index.path("manifests").path(0).path("digest").asString()));
        List<String> layers = manifest.path("layers")
                .valueStream()
                .map(layer -> blob(layer.path("digest").asString()))
                .toList();
        byte[] list = MAPPER.writeValueAsBytes(List.of(Map.of(
                "Config", blob(manifest.path("config").path("digest").asString()),
                "RepoTags", List.of(name),
                "Layers", layers)));
        try (TarArchiveInputStream source = open();
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (TarArchiveEntry entry = source.getNextEntry(); entry != null; entry = source.getNextEntry()) {
                if (entry.isFile() && entry.getName().startsWith("blobs/")) {
                    TarArchiveEntry copy = new TarArchiveEntry(entry.getName());
                    copy.setSize(entry.getSize());
                    tar.putArchiveEntry(copy);
                    source.transferTo(tar);
                    tar.closeArchiveEntry();
                }
            }
            TarArchiveEntry entry = new TarArchiveEntry("manifest.json");
            entry.setSize(list.length);
            tar.putArchiveEntry(entry);
            tar.write(list);
            tar.closeArchiveEntry();
        }
    }

    private static String blob(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private JsonNode json(String name) throws IOException {
        try (TarArchiveInputStream tar = open()) {
            for (@Nullable TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals(name)) {
                    return MAPPER.readTree(tar.readAllBytes());
                }
            }
        }
        throw new IOException("OCI archive without " + name);
    }

    private TarArchiveInputStream open() throws IOException {
        InputStream stream = new BufferedInputStream(Files.newInputStream(file));
        return new TarArchiveInputStream(stream, StandardCharsets.UTF_8.name());
    }
}
