package io.containr.standalone.demo;

import com.github.dockerjava.api.DockerClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A base image made from this machine's static busybox, for machines that reach no public registry. */
public final class BaseImage {

    private static final String REFERENCE = "containr/busybox:stable";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> APPLETS = List.of(
            "sh", "ls", "cat", "echo", "chmod", "mkdir", "sleep", "nc", "wget", "env", "id", "kill", "true", "dd");

    private BaseImage() {}

    /** Makes the image in the engine that builds; returns its reference. */
    public static String make(DockerClient docker) throws IOException {
        docker.buildImageCmd(new ByteArrayInputStream(buildContext()))
                .withTags(Set.of(REFERENCE))
                .start()
                .awaitImageId(60, TimeUnit.SECONDS);
        return REFERENCE;
    }

    private static byte[] buildContext() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            file(tar, "Dockerfile", "FROM scratch\nADD root.tar /\nCMD [\"/bin/sh\"]\n", 0644);
            file(tar, "root.tar", rootFileSystem(), 0644);
        }
        return bytes.toByteArray();
    }

    private static byte[] rootFileSystem() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String directory : List.of("bin/", "etc/", "tmp/", "usr/", "usr/bin/")) {
                TarArchiveEntry entry = new TarArchiveEntry(directory);
                entry.setMode(directory.equals("tmp/") ? 01777 : 0755);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            file(tar, "bin/busybox", Files.readAllBytes(BUSYBOX), 0755);
            for (String applet : APPLETS) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
            file(tar, "etc/passwd", "root:x:0:0:root:/:/bin/sh\napp:x:1000:1000:app:/:/bin/sh\n", 0644);
            file(tar, "etc/group", "root:x:0:\napp:x:1000:\n", 0644);
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, String text, int mode) throws IOException {
        file(tar, name, text.getBytes(StandardCharsets.UTF_8), mode);
    }

    private static void file(TarArchiveOutputStream tar, String name, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
