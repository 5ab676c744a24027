package io.containr.simulator.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tar of a root file system, wrapped into an image of one layer as {@code docker save} would write it: the client library sends what
 * the engine would import by itself as JSON (docker-java issue 2377).
 */
record RootArchive(Path directory) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Writes the image under a name into a temporary file, which is the caller's to delete. */
    Path wrap(InputStream root, String name) throws IOException {
        Path layer = Files.createTempFile(directory, "layer", ".tar");
        try {
            String digest = unpack(root, layer);
            byte[] config = MAPPER.writeValueAsBytes(Map.of(
                    "architecture",
                    "amd64",
                    "os",
                    "linux",
                    "config",
                    Map.of(),
                    "rootfs",
                    Map.of("type", "layers", "diff_ids", List.of("sha256:" + digest))));
            byte[] manifest = MAPPER.writeValueAsBytes(List.of(
                    Map.of("Config", "config.json", "RepoTags", List.of(name), "Layers", List.of("layer.tar"))));
            Path image = Files.createTempFile(directory, "image", ".tar");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(image));
                    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
                tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                begin(tar, "layer.tar", Files.size(layer));
                Files.copy(layer, tar);
                tar.closeArchiveEntry();
                add(tar, "config.json", config);
                add(tar, "manifest.json", manifest);
            }
            return image;
        } finally {
            Files.deleteIfExists(layer);
        }
    }

    /** Takes compression off; returns the SHA-256 of what is left. */
    private static String unpack(InputStream root, Path layer) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(root);
        try (InputStream plain = plain(buffered);
                DigestOutputStream out = new DigestOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(layer)), MessageDigest.getInstance("SHA-256"))) {
            plain.transferTo(out);
            out.flush();
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream plain(BufferedInputStream stream) throws IOException {
        String algorithm;
        try {
            algorithm = CompressorStreamFactory.detect(stream);
        } catch (CompressorException none) {
            return stream;
        }
        try {
            return new CompressorStreamFactory().createCompressorInputStream(algorithm, stream);
        } catch (CompressorException e) {
            throw new IOException(e);
        }
    }

    private static void begin(TarArchiveOutputStream tar, String name, long size) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        tar.putArchiveEntry(entry);
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        begin(tar, name, content.length);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
