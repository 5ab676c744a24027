package io.containr.agent.operator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Proves an operator: a secret in a file that only its owner reads, made at the first start. Without a file nobody is one. */
final class OperatorToken {

    private static final int BYTES = 32;
    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] secret;

    private OperatorToken(byte @Nullable [] secret) {
        this.secret = secret;
    }

    static OperatorToken in(@Nullable Path file) throws IOException {
        if (file == null) {
            return new OperatorToken(null);
        }
        if (Files.notExists(file)) {
            create(file);
        }
        String text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new IOException(file + " holds no token");
        }
        return new OperatorToken(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(
                directory,
                "operator",
                ".token",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** @param authorization the header of a request, null: it has none */
    boolean isIn(@Nullable String authorization) {
        return secret != null
                && authorization != null
                && authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        secret, authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
