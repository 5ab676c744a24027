package io.containr.audit.log;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hash of an entry: SHA-256 over the hash of the entry before it, and each of its fields in a fixed order, a length
 * before each, so that no two entries have the same bytes. Entries already written depend on this: it never changes.
 */
final class ChainHash {

    private static final int ABSENT = -1;

    private ChainHash() {}

    static byte[] of(byte[] previous, Entry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Fact fact = entry.fact();
            out.write(previous);
            out.writeLong(entry.seq());
            write(out, fact.id());
            write(out, fact.type());
            write(out, micros(fact.occurredAt()));
            write(out, micros(entry.recordedAt()));
            write(out, fact.userId());
            write(out, fact.userEmail());
            write(out, fact.resource());
            write(out, fact.resourceId());
            write(out, fact.action());
            write(out, fact.projectId());
            write(out, fact.details());
            write(out, fact.ipAddress());
            write(out, fact.userAgent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private static void write(DataOutputStream out, @Nullable Object field) throws IOException {
        if (field == null) {
            out.writeInt(ABSENT);
            return;
        }
        byte[] text = Objects.toString(field).getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
    }
}
