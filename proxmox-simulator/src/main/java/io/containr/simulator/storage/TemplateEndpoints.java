package io.containr.simulator.storage;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** How templates come into a storage: from a registry or by upload. */
public final class TemplateEndpoints {

    private final Storages storages;
    private final Templates templates;
    private final Tasks tasks;
    private final Path temporary;

    public TemplateEndpoints(Storages storages, Templates templates, Tasks tasks, Path temporary) {
        this.storages = storages;
        this.templates = templates;
        this.tasks = tasks;
        this.temporary = temporary;
    }

    public void addTo(Router router) {
        router.add("POST /nodes/{node}/storage/{storage}/oci-registry-pull", this::pull)
                .add("POST /nodes/{node}/storage/{storage}/upload", this::upload)
                .add("GET /nodes/{node}/query-oci-repo-tags", this::tags);
    }

    private Object pull(Call call) {
        String storage = requireContent(call.text("storage"), "vztmpl");
        RegistryReference reference = RegistryReference.parse(call.text("reference"));
        String fileName = clean(call.text("filename", reference.fileName())) + ".tar";
        if (storages.find(call.node(), storage + ":vztmpl/" + fileName).isPresent()) {
            throw ApiException.failed("refusing to override existing file '" + fileName + "'");
        }
        return tasks.start(
                call.node(),
                "ociregistrypull",
                fileName,
                call.caller(),
                log -> templates.pull(call.node(), storage, reference, fileName, log));
    }

    private Object tags(Call call) throws InterruptedException {
        RegistryReference reference = RegistryReference.parse(call.text("reference"));
        try {
            return templates.registry().tags(reference);
        } catch (IOException e) {
            throw ApiException.failed(
                    "command 'skopeo list-tags docker://" + call.text("reference") + "' failed: exit code 1");
        }
    }

    private Object upload(Call call) throws IOException {
        String content = call.text("content");
        String storage = requireContent(call.text("storage"), content);
        String fileName = clean(call.text("filename"));
        boolean named = content.equals("vztmpl")
                ? fileName.matches(".+\\.tar(\\.(gz|xz|zst|bz2))?")
                : fileName.matches("(?i).+\\.(iso|img)");
        if (!named) {
            throw ApiException.invalid("filename", "wrong file extension");
        }
        if (call.upload() == null) {
            throw ApiException.failed("missing upload data");
        }
        Path own = Files.createTempFile(temporary, "upload", "");
        Files.move(Objects.requireNonNull(call.upload()), own, StandardCopyOption.REPLACE_EXISTING);
        return tasks.start(call.node(), "imgcopy", "", call.caller(), log -> {
            try {
                if (call.has("checksum")) {
                    verify(own, call.text("checksum-algorithm"), call.text("checksum"));
                }
                templates.store(call.node(), storage, content, fileName, own);
                log.line("finished file import successfully");
            } finally {
                Files.deleteIfExists(own);
            }
        });
    }

    private static void verify(Path file, String algorithm, String expected) throws IOException {
        String name = algorithm.equals("md5") ? "MD5" : algorithm.replaceFirst("^sha", "SHA-");
        try (DigestInputStream stream =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance(name))) {
            stream.transferTo(OutputStream.nullOutputStream());
            String actual = HexFormat.of().formatHex(stream.getMessageDigest().digest());
            if (!actual.equals(expected.toLowerCase(Locale.ROOT))) {
                throw ApiException.failed("checksum mismatch: got '" + actual + "' != expect '" + expected + "'");
            }
        } catch (NoSuchAlgorithmException e) {
            throw ApiException.failed("unknown checksum algorithm '" + algorithm + "'");
        }
    }

    private String requireContent(String storage, String content) {
        if (!storages.require(storage).holds(content)) {
            throw ApiException.failed("storage '" + storage + "' does not support '" + content + "' content");
        }
        return storage;
    }

    private static String clean(String name) {
        return name.replaceAll("[^A-Za-z0-9_.-]", "_");
    }
}
