package io.containr.database.engine;

import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** How an engine is known. */
final class Trust {

    private Trust() {}

    /**
     * By the authority alone: the address that is asked here is in no certificate.
     *
     * @param authority its certificate, as PEM
     */
    static SSLContext only(String authority) {
        return SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(authority)))
                .createSslContext();
    }
}
