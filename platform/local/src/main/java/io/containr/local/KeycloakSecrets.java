package io.containr.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/**
 * What opens Keycloak: made at the first start, kept in a file that only its owner reads. Keycloak's database holds the
 * same values, so the file must live as long as the database.
 *
 * @param adminPassword of the user {@code admin} of the realm {@code master}
 * @param apiClient secret of the client {@code containr-api}
 * @param authServiceClient secret of the client {@code containr-auth-service}
 */
public record KeycloakSecrets(String adminPassword, String apiClient, String authServiceClient) {

    private static final String ADMIN = "admin-password";
    private static final String API = "api-client-secret";
    private static final String AUTH_SERVICE = "auth-service-client-secret";

    /** New ones. */
    public static KeycloakSecrets random() {
        return new KeycloakSecrets(randomText(), randomText(), randomText());
    }

    /** Those of the file, which is made where there is none. */
    public static KeycloakSecrets loadOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            random().save(file);
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return new KeycloakSecrets(
                value(properties, ADMIN, file), value(properties, API, file), value(properties, AUTH_SERVICE, file));
    }

    private void save(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path written = Files.createTempFile(
                directory,
                "secrets",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Properties properties = new Properties();
        properties.setProperty(ADMIN, adminPassword);
        properties.setProperty(API, apiClient);
        properties.setProperty(AUTH_SERVICE, authServiceClient);
        try (OutputStream out = Files.newOutputStream(written)) {
            properties.store(out, null);
        }
        Files.move(written, file);
    }

    private static String value(Properties properties, String key, Path file) throws IOException {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            throw new IOException(key + " is missing in " + file);
        }
        return value;
    }

    private static String randomText() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    @Override
    public String toString() {
        return "KeycloakSecrets[hidden]";
    }
}
