package io.containr.testing;

import io.containr.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** An operator's own registry, with a login and a certificate that no public authority knows. */
public final class LockedRegistry implements AutoCloseable {

    public static final String USER = "containr";
    private static final String PASSWORD = "correct-horse";

    private final Process process;
    private final String address;
    private final Path certificate;
    private final Path password;

    private LockedRegistry(Process process, String address, Path certificate, Path password) {
        this.process = process;
        this.address = address;
        this.certificate = certificate;
        this.password = password;
    }

    public static LockedRegistry start(Path directory) throws Exception {
        return start(directory, directory.resolve("images"));
    }

    /** @param images where they lie, which may be another registry's folder, too */
    public static LockedRegistry start(Path directory, Path images) throws Exception {
        Files.createDirectories(directory);
        TestCertificate made = TestCertificate.make(directory);
        Path certificate = Files.writeString(directory.resolve("cert.pem"), made.certificatePem());
        Files.writeString(directory.resolve("key.pem"), made.keyPem());
        Files.writeString(
                directory.resolve("htpasswd"), USER + ":" + new BCryptPasswordEncoder(4).encode(PASSWORD) + "\n");
        String address = "127.0.0.1:" + Ports.free();
        Path config = Files.writeString(directory.resolve("registry.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: "%3$s"}, delete: {enabled: true}}
                http: {addr: "%2$s", tls: {certificate: "%1$s/cert.pem", key: "%1$s/key.pem"}}
                auth: {htpasswd: {realm: locked, path: "%1$s/htpasswd"}}
                """.formatted(directory, address, images));
        Process process = new ProcessBuilder("/usr/bin/docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        LockedRegistry registry = new LockedRegistry(
                process, address, certificate, Files.writeString(directory.resolve("password"), PASSWORD));
        registry.awaitUp(made.client());
        return registry;
    }

    private void awaitUp(SSLContext trusting) throws Exception {
        HttpRequest question = HttpRequest.newBuilder(URI.create("https://" + address + "/v2/"))
                .build();
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting).build()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreException(IOException.class)
                    .until(() -> client.send(question, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 401);
        }
    }

    /** {@code host:port}. */
    public String address() {
        return address;
    }

    /** The file of it. */
    public Path certificate() {
        return certificate;
    }

    /** The file with it. */
    public Path password() {
        return password;
    }

    /** Puts onto all nodes of a simulated cluster what set-up tells an operator to put there. */
    public void knownTo(Path cluster) throws IOException {
        Path node = cluster.resolve("node");
        Files.copy(
                certificate,
                Files.createDirectories(node.resolve("etc/containers/certs.d").resolve(address))
                        .resolve("ca.crt"));
        login(Files.createDirectories(node.resolve("root/.config/containers")).resolve("auth.json"));
    }

    /** Writes what {@code docker login} would leave there. */
    public void login(Path file) throws IOException {
        Files.writeString(
                file,
                "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
                        .formatted(
                                address,
                                Base64.getEncoder()
                                        .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
