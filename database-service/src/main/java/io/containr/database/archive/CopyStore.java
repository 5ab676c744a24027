package io.containr.database.archive;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import io.containr.contracts.Sealed;
import io.containr.database.DatabaseProperties;
import io.containr.runtime.net.TrustedCertificates;
import io.containr.runtime.secrets.SecretBox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An S3-compatible store with a copy of each archive. A copy is encrypted with a key of its own before it leaves this machine (AES-256-GCM
 * in segments, Tink's AES256_GCM_HKDF_1MB); the key, sealed by the installation's, lies beside it, so that the bucket and the key file are
 * all that is needed to read it.
 */
class CopyStore implements DisposableBean {

    private static final String KEY = "containr-key";
    private static final String CHECKSUM = "containr-sha256";

    private final DatabaseProperties.@Nullable Copies settings;
    private final SecretBox secrets;
    private final @Nullable S3Client s3;

    /**
     * @param authorities a file of those that are trusted beside the public ones
     * @throws IllegalStateException for settings with which no copy can be made
     */
    CopyStore(DatabaseProperties.Backups backups, SecretBox secrets, Optional<Path> authorities) {
        this.settings = backups.copies();
        this.secrets = secrets;
        if (settings == null) {
            this.s3 = null;
            return;
        }
        if (backups.archives() == null) {
            throw new IllegalStateException(
                    "containr.database.backups.copies needs containr.database.backups.archives, where they are made from");
        }
        try {
            StreamingAeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("nothing can be encrypted", e);
        }
        this.s3 = client(settings, authorities);
    }

    /** Other stores than Amazon's know neither its newer checksums nor buckets as host names; each part has an MD5 instead. */
    static S3Client client(DatabaseProperties.Copies settings, Optional<Path> authorities) {
        if (!Files.isReadable(settings.credentialsFile())) {
            throw new IllegalStateException(
                    "containr.database.backups.copies.credentials-file cannot be read: " + settings.credentialsFile());
        }
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder();
        authorities
                .map(TrustedCertificates::trustManagers)
                .ifPresent(trust -> http.tlsTrustManagersProvider(() -> trust));
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .credentialsProvider(ProfileCredentialsProvider.builder()
                        .profileFile(ProfileFile.builder()
                                .content(settings.credentialsFile())
                                .type(ProfileFile.Type.CREDENTIALS)
                                .build())
                        .profileName("default")
                        .build())
                .httpClientBuilder(http);
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return builder.build();
    }

    /** Whether copies are wanted. */
    boolean isThere() {
        return s3 != null;
    }

    /**
     * Copies a file that must have the archive's checksum; an earlier attempt that was cut off leaves nothing.
     *
     * @throws IOException where the file cannot be read or has changed, or the store does not take it
     */
    void put(Archive archive, Path file) throws IOException {
        String checksum = Objects.requireNonNull(archive.checksum(), "it was checked");
        String key = key(archive);
        try {
            KeysetHandle keys = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.generateEntryFromParameters(
                                    PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB)
                            .withRandomId()
                            .makePrimary())
                    .build();
            Sealed sealed = secrets.seal(
                    TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()), purpose(archive));
            Map<String, String> metadata = Map.of(KEY, sealed.ciphertext(), CHECKSUM, checksum);
            Upload.abortUnfinished(client(), bucket(), key);
            try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), ArchiveFiles.digest());
                    Upload upload = new Upload(client(), bucket(), key, metadata, Files.size(file));
                    OutputStream encrypted =
                            streaming(keys).newEncryptingStream(upload.out(), associatedData(archive))) {
                in.transferTo(encrypted);
                encrypted.close();
                if (!checksum.equals(
                        HexFormat.of().formatHex(in.getMessageDigest().digest()))) {
                    throw new IOException("the archive has changed since its checksum was taken");
                }
                upload.complete();
            }
        } catch (SdkException e) {
            throw new IOException("the store of copies does not take it: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("it cannot be encrypted", e);
        }
    }

    /**
     * Writes what was copied into a file.
     *
     * @throws IOException where the store does not give it, or it is not what was put there
     */
    void get(Archive archive, Path file) throws IOException {
        try (ResponseInputStream<GetObjectResponse> in =
                        client().getObject(request -> request.bucket(bucket()).key(key(archive)));
                OutputStream out = Files.newOutputStream(file)) {
            String sealed = in.response().metadata().get(KEY);
            if (sealed == null) {
                throw new IOException("the copy has no key beside it");
            }
            KeysetHandle keys = TinkJsonProtoKeysetFormat.parseKeyset(
                    secrets.open(new Sealed(sealed), purpose(archive)), InsecureSecretKeyAccess.get());
            try (InputStream plain = streaming(keys).newDecryptingStream(in, associatedData(archive))) {
                plain.transferTo(out);
            }
        } catch (SdkException e) {
            throw new IOException("the store of copies does not give it: " + e.getMessage(), e);
        } catch (GeneralSecurityException | SecretBox.CannotOpenException e) {
            throw new IOException("the copy cannot be decrypted", e);
        }
    }

    /**
     * One that is not there is deleted.
     *
     * @throws IOException where the store does not delete it
     */
    void delete(Archive archive) throws IOException {
        try {
            Upload.abortUnfinished(client(), bucket(), key(archive));
            client().deleteObject(request -> request.bucket(bucket()).key(key(archive)));
        } catch (SdkException e) {
            throw new IOException("the store of copies does not delete it: " + e.getMessage(), e);
        }
    }

    private static StreamingAead streaming(KeysetHandle keys) throws GeneralSecurityException {
        return keys.getPrimitive(RegistryConfiguration.get(), StreamingAead.class);
    }

    private String key(Archive archive) {
        return Objects.requireNonNull(settings).prefix()
                + archive.database()
                + "/"
                + archive.backup()
                + "/"
                + archive.fileName();
    }

    private static String purpose(Archive archive) {
        return "backup/" + archive.backup() + "/copy";
    }

    private static byte[] associatedData(Archive archive) {
        return purpose(archive).getBytes(StandardCharsets.UTF_8);
    }

    private String bucket() {
        return Objects.requireNonNull(settings).bucket();
    }

    private S3Client client() {
        return Objects.requireNonNull(s3, "no store is named");
    }

    @Override
    public void destroy() {
        if (s3 != null) {
            s3.close();
        }
    }
}
