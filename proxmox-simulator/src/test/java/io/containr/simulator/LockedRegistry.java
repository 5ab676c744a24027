package io.containr.simulator;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AuthConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;

/** A registry with TLS by a certificate that it signed itself, and a login; the small image of all tests is in it. */
record LockedRegistry(Process process, String host, String certificate) implements AutoCloseable {

    private static final String USER = "puller";
    private static final String PASSWORD = "correct-horse";

    /** bcrypt of the password above. */
    private static final String HASH = "$2b$05$EP5uyE34GqNQXCP44PoQFOLRM6YJHmh5bqtimEdL55vBE4e0ZmGf6";

    static LockedRegistry start(Lab lab) throws Exception {
        Path directory = lab.temporary("locked-registry");
        KeyStore keys = keys(directory.resolve("keys.p12"));
        String certificate = pem("CERTIFICATE", keys.getCertificate("registry").getEncoded());
        Files.writeString(directory.resolve("cert.pem"), certificate);
        Files.writeString(
                directory.resolve("key.pem"),
                pem(
                        "PRIVATE KEY",
                        keys.getKey("registry", PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(directory.resolve("htpasswd"), USER + ":" + HASH + "\n");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = directory.resolve("registry.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: "%1$s/images"}}
                http: {addr: "127.0.0.1:%2$d", tls: {certificate: "%1$s/cert.pem", key: "%1$s/key.pem"}}
                auth: {htpasswd: {realm: locked, path: "%1$s/htpasswd"}}
                """.formatted(directory, port));
        Process process = new ProcessBuilder("/usr/bin/docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        LockedRegistry registry = new LockedRegistry(process, "127.0.0.1:" + port, certificate);
        registry.publish(lab);
        return registry;
    }

    private static KeyStore keys(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "registry",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=registry",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-ext",
                        "bc=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool makes no key");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(file)) {
            keys.load(stored, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(
                        what,
                        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(encoded));
    }

    private void publish(Lab lab) {
        DockerClient docker = lab.docker();
        AuthConfig auth =
                new AuthConfig().withRegistryAddress(host).withUsername(USER).withPassword(PASSWORD);
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            docker.pullImageCmd(lab.app()).start().awaitCompletion();
            docker.tagImageCmd(lab.app(), host + "/containr/locked", "1").exec();
            docker.pushImageCmd(image()).withAuthConfig(auth).start().awaitCompletion();
            return true;
        });
        docker.removeImageCmd(image()).withForce(true).exec();
        docker.removeImageCmd(lab.app()).withForce(true).exec();
    }

    String image() {
        return host + "/containr/locked:1";
    }

    /** As it stands in an {@code auth.json}. */
    String login() {
        return Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
