package io.containr.database.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and certificates: P-256, signed with SHA-256. */
final class Certificates {

    /** For clocks that are behind. */
    private static final Duration BEFORE = Duration.ofDays(1);

    private Certificates() {}

    static KeyAndCertificate authority(String name, Instant now, Duration valid) {
        X500Name subject = new X500Name("CN=" + name);
        KeyPair pair = pair();
        try {
            X509v3CertificateBuilder builder = builder(subject, subject, pair.getPublic(), now, valid)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return pem(pair.getPrivate(), sign(builder, pair.getPrivate()));
        } catch (IOException e) {
            throw impossible(e);
        }
    }

    /** @param names by DNS that the server is reached by; the first is its subject, too */
    static KeyAndCertificate server(KeyAndCertificate authority, List<String> names, Instant now, Duration valid) {
        KeyPair pair = pair();
        try {
            GeneralName[] alternatives = names.stream()
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new);
            X500Name issuer = certificate(authority.certificate()).getSubject();
            X509v3CertificateBuilder builder = builder(
                            issuer, new X500Name("CN=" + names.getFirst()), pair.getPublic(), now, valid)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            return pem(pair.getPrivate(), sign(builder, key(authority.key())));
        } catch (IOException e) {
            throw impossible(e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration valid) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, new SecureRandom()),
                Date.from(now.minus(BEFORE)),
                Date.from(now.plus(valid)),
                subject,
                key);
    }

    private static X509CertificateHolder sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key));
        } catch (OperatorCreationException e) {
            throw impossible(e);
        }
    }

    private static KeyAndCertificate pem(PrivateKey key, X509CertificateHolder certificate) throws IOException {
        return new KeyAndCertificate(pem(new JcaPKCS8Generator(key, null)), pem(certificate));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    private static X509CertificateHolder certificate(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof X509CertificateHolder holder) {
                return holder;
            }
            throw new IOException("it is no certificate");
        }
    }

    private static PrivateKey key(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
            throw new IOException("it is no key");
        }
    }

    private static IllegalStateException impossible(Exception e) {
        return new IllegalStateException("keys and certificates cannot be made", e);
    }
}
