package io.containr.runtime.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Has what connects by the JVM's default context trust an operator's own authorities beside the public ones, a registry's above all.
 * {@code containr.tls.trusted-certificates} names a file of them, PEM; a file without one ends the start. Done before anything connects,
 * since the JVM keeps what it trusted first. Netty, and with it the gateway, has a trust of its own.
 */
public final class TrustedCertificates implements EnvironmentPostProcessor, Ordered {

    /** The file of certificates. */
    public static final String SETTING = "containr.tls.trusted-certificates";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String file = environment.getProperty(SETTING);
        if (file != null && !file.isBlank()) {
            SSLContext.setDefault(context(Path.of(file)));
        }
    }

    /**
     * Trusts what the JVM trusts by default and what the file names.
     *
     * @throws IllegalArgumentException if the file cannot be read or has no certificate
     */
    static SSLContext context(Path file) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(file), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /**
     * The same for a client that has a context of its own.
     *
     * @throws IllegalArgumentException if the file cannot be read or has no certificate
     */
    public static TrustManager[] trustManagers(Path file) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            Stream.concat(Stream.of(usual()), certificates(file).stream())
                    .forEach(certificate -> add(trusted, certificate));
            return managers(trusted).getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(SETTING + ": no certificates in " + file, e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (read.isEmpty()) {
                throw new IOException("it is empty");
            }
            return read;
        }
    }

    private static X509Certificate[] usual() throws GeneralSecurityException {
        return Stream.of(managers(null).getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .map(X509TrustManager::getAcceptedIssuers)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("the JVM trusts nobody"));
    }

    /** @param trusted null: what the JVM trusts by default */
    private static TrustManagerFactory managers(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        return managers;
    }

    private static void add(KeyStore trusted, Certificate certificate) {
        try {
            trusted.setCertificateEntry("trusted-" + trusted.size(), certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** After the files of settings were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
