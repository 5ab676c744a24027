package io.containr.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * That no other process uses something, until this one ends, however it ends.
 *
 * @param name of what was leased
 * @param lock held for as long as the JVM lives
 */
record Lease(String name, FileLock lock) {

    /** The first of these that is free; empty: none is. */
    static Optional<Lease> ofOne(List<String> names) {
        for (String name : names) {
            Optional<Lease> lease = of(name);
            if (lease.isPresent()) {
                return lease;
            }
        }
        return Optional.empty();
    }

    private static Optional<Lease> of(String name) {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "containr-test-" + name.replace(':', '-') + ".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new Lease(name, lock));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }
}
