package io.containr.build.image;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import io.containr.guestinit.GuestInitBinary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/** The layer with guest-init, the same bytes every time it is made from the same program. Made when first asked for. */
@Component
public final class GuestInit {

    /** Where the program lies in a prepared image. */
    public static final String PATH = "/.containr/init";

    private final SingletonSupplier<Layer> layer = SingletonSupplier.of(GuestInit::make);

    Layer layer() {
        return layer.obtain();
    }

    private static Layer make() {
        try (InputStream program = GuestInitBinary.open()) {
            byte[] archive = archive(program.readAllBytes());
            byte[] compressed = compress(archive);
            return new Layer(compressed, digest(compressed), digest(archive));
        } catch (IOException e) {
            throw new UncheckedIOException("guest-init cannot be read", e);
        }
    }

    private static byte[] archive(byte[] program) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(program.length + 4096);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry directory = new TarArchiveEntry(".containr/");
            directory.setMode(0700);
            directory.setModTime(0);
            tar.putArchiveEntry(directory);
            tar.closeArchiveEntry();
            TarArchiveEntry file = new TarArchiveEntry(PATH.substring(1));
            file.setMode(0755);
            file.setModTime(0);
            file.setSize(program.length);
            tar.putArchiveEntry(file);
            tar.write(program);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static byte[] compress(byte[] archive) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(archive.length / 2);
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(archive);
        }
        return bytes.toByteArray();
    }

    static DescriptorDigest digest(byte[] bytes) {
        try {
            return DescriptorDigest.fromHash(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException | DigestException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param bytes a compressed archive; not to be changed
     * @param digest of the compressed archive
     * @param diffId of the archive before compression
     */
    record Layer(byte[] bytes, DescriptorDigest digest, DescriptorDigest diffId) {}
}
