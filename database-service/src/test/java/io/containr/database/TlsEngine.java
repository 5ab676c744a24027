package io.containr.database;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Stands in for an engine that speaks HTTP over TLS alone, with its guest's key. */
public final class TlsEngine {

    private static final String STORE = "changeit";

    private TlsEngine() {}

    /**
     * Runs until it is stopped.
     *
     * @param directory gets a file of each one's key
     * @param certificate PEM, as {@code key}
     */
    public static WireMockServer start(Path directory, String certificate, String key)
            throws IOException, GeneralSecurityException {
        KeyStore store = Objects.requireNonNull(new PemSslStoreBundle(
                        PemSslStoreDetails.forCertificate(certificate)
                                .withPrivateKey(key)
                                .withPassword(STORE),
                        null)
                .getKeyStore());
        Path file = Files.createTempFile(directory, "engine", ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, STORE.toCharArray());
        }
        WireMockServer server = new WireMockServer(wireMockConfig()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(file.toString())
                .keystorePassword(STORE)
                .keyManagerPassword(STORE)
                .keystoreType(store.getType()));
        server.start();
        return server;
    }
}
