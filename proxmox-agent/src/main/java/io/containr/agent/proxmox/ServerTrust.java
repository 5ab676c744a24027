package io.containr.agent.proxmox;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Which server is believed: one certificate by its fingerprint, or those signed by given authorities. */
final class ServerTrust {

    private ServerTrust() {}

    /**
     * @param fingerprint wins where both are given
     * @param caFile null as well: the JVM's authorities
     */
    static SSLContext context(@Nullable String fingerprint, @Nullable Path caFile)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust(fingerprint, caFile), null);
        return context;
    }

    private static TrustManager @Nullable [] trust(@Nullable String fingerprint, @Nullable Path caFile)
            throws IOException, GeneralSecurityException {
        if (fingerprint != null && !fingerprint.isBlank()) {
            return new TrustManager[] {new Pinned(fingerprint)};
        }
        if (caFile == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            int index = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + index++, authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /**
     * Compares the certificate itself: names and dates say nothing more. It extends the class that sees socket and engine,
     * because only then the JDK leaves the check of names to it.
     */
    private static final class Pinned extends X509ExtendedTrustManager {

        private final byte[] wanted;

        Pinned(String fingerprint) {
            String hex = fingerprint.strip().replace(":", "").toLowerCase(Locale.ROOT);
            if (!hex.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("containr.agent.proxmox.fingerprint is no SHA-256 in hex");
            }
            wanted = HexFormat.of().parseHex(hex);
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            try {
                byte[] seen = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!MessageDigest.isEqual(seen, wanted)) {
                    throw new CertificateException("the server shows another certificate, with the fingerprint "
                            + HexFormat.of().formatHex(seen));
                }
            } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
                throw new CertificateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
