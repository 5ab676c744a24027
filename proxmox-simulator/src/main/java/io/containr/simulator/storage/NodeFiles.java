package io.containr.simulator.storage;

import io.containr.simulator.engine.Login;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What nodes have in their file systems about registries, since the API has no parameter for it: below the folder {@code node} of the
 * data, for all nodes, at the same paths as on a real one. Read anew each time.
 */
final class NodeFiles {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Path root;

    NodeFiles(Path directory) {
        this.root = directory.resolve("node");
    }

    /** Trust in the authority that signed the registry's certificate; empty where nothing is said about it. */
    Optional<SSLContext> trust(String host) throws IOException {
        Path file = root.resolve("etc/containers/certs.d").resolve(host).resolve("ca.crt");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate of an authority in " + file, e);
        }
    }

    /** As {@code skopeo login --authfile} leaves it. */
    Optional<Login> login(String host) throws IOException {
        Path file = root.resolve("root/.config/containers/auth.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String encoded = MAPPER.readTree(Files.readAllBytes(file))
                .path("auths")
                .path(host)
                .path("auth")
                .asString("");
        String[] parts = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).split(":", 2);
        return parts.length == 2 ? Optional.of(new Login(host, parts[0], parts[1])) : Optional.empty();
    }
}
