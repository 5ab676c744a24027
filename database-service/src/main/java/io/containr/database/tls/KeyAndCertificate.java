package io.containr.database.tls;

/**
 * What a server proves itself with, each as PEM.
 *
 * @param key PKCS#8, in clear
 */
public record KeyAndCertificate(String key, String certificate) {

    @Override
    public String toString() {
        return "KeyAndCertificate[…]";
    }
}
