package io.containr.guestinit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Properties;

/**
 * The program that is PID 1 of every guest: one static executable for linux/amd64, which needs nothing of the image it runs in.
 * It belongs at {@code /.containr/init}, mode 0755, owner root.
 */
public final class GuestInitBinary {

    private static final String EXECUTABLE = "linux-amd64/guest-init";
    private static final String PROPERTIES = "guest-init.properties";

    private GuestInitBinary() {}

    /** The executable's bytes; the caller closes the stream. */
    public static InputStream open() {
        return resource(EXECUTABLE);
    }

    /** The version the program names in its greeting. */
    public static String version() {
        try (var stream = resource(PROPERTIES)) {
            var properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lower-case hex SHA-256 of the executable: images prepared with the same value need not be prepared again. */
    public static String sha256() {
        return Digest.OF_EXECUTABLE;
    }

    private static InputStream resource(String name) {
        var stream = GuestInitBinary.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalStateException(name + " is missing from the guest-init jar");
        }
        return stream;
    }

    private static final class Digest {
        static final String OF_EXECUTABLE = compute();

        private static String compute() {
            try (var stream = open()) {
                var digest = MessageDigest.getInstance("SHA-256");
                digest.update(stream.readAllBytes());
                return HexFormat.of().formatHex(digest.digest());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }
    }
}
