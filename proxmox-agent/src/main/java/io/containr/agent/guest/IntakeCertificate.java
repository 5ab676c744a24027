package io.containr.agent.guest;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The intake's certificate and key, in one PEM file that only its owner reads. Guests know the certificate by its digest alone, so
 * it is made once, is valid for a century and must be kept: with another one no guest finds its agent again.
 */
public final class IntakeCertificate {

    private static final Duration VALID = Duration.ofDays(36_525);

    private final PrivateKey key;
    private final X509Certificate certificate;

    private IntakeCertificate(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /**
     * Reads the file, or makes it where there is none.
     *
     * @throws IOException also where the file holds no key and certificate
     */
    public static IntakeCertificate loadOrCreate(Path file, Clock clock) throws IOException, GeneralSecurityException {
        return Files.exists(file) ? load(file) : create(file, clock);
    }

    /** Lower-case hex SHA-256 of the certificate: what guests compare. */
    public String pin() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has an encoding", e);
        }
    }

    SSLContext context() throws GeneralSecurityException, IOException {
        var password = new char[0];
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("intake", key, password, new X509Certificate[] {certificate});
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static IntakeCertificate load(Path file) throws IOException, GeneralSecurityException {
        PrivateKey key = null;
        X509Certificate certificate = null;
        try (var parser = new PEMParser(new StringReader(Files.readString(file)))) {
            for (var part = parser.readObject(); part != null; part = parser.readObject()) {
                switch (part) {
                    case PrivateKeyInfo info -> key = new JcaPEMKeyConverter().getPrivateKey(info);
                    case X509CertificateHolder holder ->
                        certificate = new JcaX509CertificateConverter().getCertificate(holder);
                    default -> throw new IOException(file + " holds something that is neither key nor certificate");
                }
            }
        }
        if (key == null || certificate == null) {
            throw new IOException(file + " does not hold both a key and a certificate");
        }
        return new IntakeCertificate(key, certificate);
    }

    private static IntakeCertificate create(Path file, Clock clock) throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        var name = new X500Name("CN=containr-intake");
        var from = clock.instant().minus(Duration.ofDays(1));
        var builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(127, new SecureRandom()),
                Date.from(from),
                Date.from(from.plus(VALID)),
                name,
                pair.getPublic());
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            write(file, pair.getPrivate(), certificate);
            return new IntakeCertificate(pair.getPrivate(), certificate);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** A crash leaves the whole file or none: half a one would lock every guest out. */
    private static void write(Path file, PrivateKey key, X509Certificate certificate) throws IOException {
        var pem = new StringWriter();
        try (var writer = new JcaPEMWriter(pem)) {
            writer.writeObject(new JcaPKCS8Generator(key, null));
            writer.writeObject(certificate);
        }
        var directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var temporary = Files.createTempFile(directory, "intake", ".pem", ownerOnly);
        Files.writeString(temporary, pem.toString());
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
