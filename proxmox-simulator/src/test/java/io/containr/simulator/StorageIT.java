package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Templates from a registry and by upload, and their removal. */
class StorageIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    private static final String PULL = "/nodes/pve1/storage/local/oci-registry-pull";

    private final Pve agent = simulated.agent();

    @Test
    void aPulledImageIsATemplateUntilItIsDeleted() {
        String image = simulated.lab().app();
        agent.ok(agent.post(PULL, "reference", image, "filename", "mine_1"));
        assertThat(agent.post(PULL, "reference", image, "filename", "mine_1").message())
                .isEqualTo("refusing to override existing file 'mine_1.tar'");
        var listed =
                agent.get("/nodes/pve1/storage/local/content?content=vztmpl").data();
        var mine = listed.valueStream()
                .filter(entry -> entry.get("volid").asString().equals("local:vztmpl/mine_1.tar"))
                .findFirst()
                .orElseThrow();
        assertThat(mine.get("size").asLong()).isPositive();
        assertThat(mine.get("format").asString()).isEqualTo("tar");
        assertThat(agent.get("/nodes/pve2/storage/local/content").data()).isEmpty();
        assertThat(agent.delete("/nodes/pve1/storage/local/content/local%3Avztmpl%2Fmine_1.tar?delay=10")
                        .data()
                        .isNull())
                .isTrue();
        agent.ok(agent.post(PULL, "reference", image, "filename", "mine_1"));
    }

    /** What set-up tells an operator to put on each node, the certificate first and then the login. */
    @Test
    void aRegistryWithACertificateOfItsOwnAndALoginIsReadByTheNodesFiles() throws Exception {
        try (LockedRegistry registry = LockedRegistry.start(simulated.lab())) {
            Path node = simulated.directory().resolve("node");
            assertThat(agent.end(agent.post(PULL, "reference", registry.image(), "filename", "locked_1")))
                    .endsWith("failed: exit code 1");

            Path trust = Files.createDirectories(node.resolve("etc/containers/certs.d/" + registry.host()));
            Files.writeString(trust.resolve("ca.crt"), registry.certificate());
            Pve.Answer refused = agent.post(PULL, "reference", registry.image(), "filename", "locked_1");
            assertThat(agent.end(refused)).endsWith("failed: exit code 1");
            assertThat(agent.log(refused)).contains("unauthorized: authentication required");

            Path logins = Files.createDirectories(node.resolve("root/.config/containers"));
            Files.writeString(
                    logins.resolve("auth.json"),
                    "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), registry.login()));
            agent.ok(agent.post(PULL, "reference", registry.image(), "filename", "locked_1"));
            agent.ok(agent.post(
                    "/nodes/pve1/lxc",
                    "vmid",
                    "395",
                    "ostemplate",
                    "local:vztmpl/locked_1.tar",
                    "ostype",
                    "unmanaged",
                    "rootfs",
                    "local-lvm:1",
                    "pool",
                    "containr"));
            agent.ok(agent.delete("/nodes/pve1/lxc/395"));
        }
    }

    @Test
    void whatCannotBePulledSaysSo() {
        String missing = simulated.lab().registry() + "/containr/nosuch:1";
        assertThat(agent.end(agent.post(PULL, "reference", missing)))
                .startsWith("command 'skopeo copy docker://" + missing)
                .endsWith("failed: exit code 1");
        String digest = simulated.lab().registry() + "/containr/app@sha256:" + "0".repeat(64);
        assertThat(agent.post(PULL, "reference", digest)
                        .json()
                        .get("errors")
                        .get("reference")
                        .asString())
                .isEqualTo("value does not match the regex pattern");
        assertThat(agent.get("/nodes/pve1/query-oci-repo-tags?reference="
                                + simulated.lab().registry() + "/containr/app")
                        .data()
                        .get(0)
                        .asString())
                .isEqualTo("1");
        assertThat(agent.post("/nodes/pve1/storage/nosuch/oci-registry-pull", "reference", missing)
                        .message())
                .contains("nosuch");
    }

    @Test
    void aGuestOutlivesItsTemplate() {
        agent.ok(agent.post(PULL, "reference", simulated.lab().app(), "filename", "short_1"));
        agent.ok(agent.post(
                "/nodes/pve1/lxc",
                "vmid",
                "600",
                "ostemplate",
                "local:vztmpl/short_1.tar",
                "ostype",
                "unmanaged",
                "rootfs",
                "local-lvm:0.25",
                "net0",
                simulated.net0(simulated.freeAddress()),
                "pool",
                "containr"));
        agent.ok(agent.delete("/nodes/pve1/storage/local/content/local%3Avztmpl%2Fshort_1.tar"));
        agent.ok(agent.post("/nodes/pve1/lxc/600/status/start"));
        assertThat(agent.status(600)).isEqualTo("running");
    }

    @Test
    void anUploadedArchiveRunsLikeAPulledImage() throws IOException, NoSuchAlgorithmException {
        byte[] archive = ociArchive();
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        assertThat(upload("up_1.tar", archive, "0".repeat(64))).startsWith("checksum mismatch");
        assertThat(upload("up_1.tar", archive, sum)).isEqualTo("OK");
        String address = simulated.freeAddress();
        agent.ok(agent.post(
                "/nodes/pve1/lxc",
                "vmid",
                "601",
                "ostemplate",
                "local:vztmpl/up_1.tar",
                "ostype",
                "unmanaged",
                "rootfs",
                "local-lvm:0.25",
                "net0",
                simulated.net0(address),
                "pool",
                "containr"));
        var config = agent.get("/nodes/pve1/lxc/601/config").data();
        assertThat(config.get("entrypoint").asString()).isEqualTo("/bin/busybox httpd -f -p 8080 -h /etc");
        assertThat(config.get("lxc").toString()).contains("[\"lxc.init.uid\",\"1000\"],[\"lxc.init.gid\",\"1001\"]");
        agent.ok(agent.post("/nodes/pve1/lxc/601/status/start"));
        assertThat(Simulated.fetch(address, "/passwd")).contains("web:x:1000");
    }

    private String upload(String name, byte[] file, String checksum) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : Map.of(
                        "content", "vztmpl", "checksum-algorithm", "sha256", "checksum", checksum)
                .entrySet()) {
            body.write(("--b1\r\nContent-Disposition: form-data; name=\"" + field.getKey() + "\"\r\n\r\n"
                            + field.getValue() + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        body.write(("--b1\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.write(file);
        body.write("\r\n--b1--\r\n".getBytes(StandardCharsets.UTF_8));
        return agent.end(agent.raw(
                "/api2/json/nodes/pve1/storage/local/upload",
                "POST",
                "multipart/form-data; boundary=b1",
                body.toByteArray()));
    }

    /** Busybox and a user, as one layer. */
    private static byte[] ociArchive() throws IOException, NoSuchAlgorithmException {
        byte[] layer = tar(Map.of(
                "bin/busybox", Files.readAllBytes(Path.of("/bin/busybox")),
                "etc/passwd", "web:x:1000:1001::/:/bin/sh\n".getBytes(StandardCharsets.UTF_8)));
        byte[] config = Pve.MAPPER.writeValueAsBytes(Map.of(
                "architecture",
                "amd64",
                "os",
                "linux",
                "config",
                Map.of(
                        "Entrypoint", List.of("/bin/busybox"),
                        "Cmd", List.of("httpd", "-f", "-p", "8080", "-h", "/etc"),
                        "User", "web"),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of(digest(layer)))));
        byte[] manifest = Pve.MAPPER.writeValueAsBytes(Map.of(
                "schemaVersion", 2,
                "config", Map.of("digest", digest(config), "size", config.length),
                "layers", List.of(Map.of("digest", digest(layer), "size", layer.length))));
        byte[] index = Pve.MAPPER.writeValueAsBytes(Map.of(
                "schemaVersion", 2, "manifests", List.of(Map.of("digest", digest(manifest), "size", manifest.length))));
        return tar(Map.of(
                "oci-layout",
                "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8),
                "index.json",
                index,
                blob(layer),
                layer,
                blob(config),
                config,
                blob(manifest),
                manifest));
    }

    private static String digest(byte[] content) throws NoSuchAlgorithmException {
        return "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static String blob(byte[] content) throws NoSuchAlgorithmException {
        return "blobs/" + digest(content).replace(':', '/');
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                entry.setMode(0100755);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
