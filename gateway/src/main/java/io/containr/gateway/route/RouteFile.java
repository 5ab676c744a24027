package io.containr.gateway.route;

import io.containr.contracts.route.Route;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.PoisonMessageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last routes on disk. Replaced as a whole, so that a crash leaves either the old or the new ones. */
final class RouteFile {

    private static final Logger log = LoggerFactory.getLogger(RouteFile.class);

    private final Path file;
    private final MessageCodec codec;

    RouteFile(Path directory, MessageCodec codec) {
        this.file = directory.resolve("routes.json");
        this.codec = codec;
    }

    /** Empty where there is none or it cannot be understood; such a file is put aside, not overwritten. */
    Optional<List<Route>> load() {
        try {
            return Optional.of(codec.read(Files.readAllBytes(file), Kept.class).routes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (PoisonMessageException e) {
            Path aside = file.resolveSibling("routes.json.unreadable");
            log.error("Routes in {} cannot be read; put aside as {}", file, aside.getFileName(), e);
            try {
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException moving) {
                throw new UncheckedIOException(moving);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("routes cannot be read", e);
        }
    }

    void save(List<Route> routes) throws IOException {
        Path next = file.resolveSibling("routes.json.next");
        ByteBuffer bytes = ByteBuffer.wrap(codec.write(new Kept(1, routes)));
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** @param version of this layout */
    record Kept(int version, List<Route> routes) {

        Kept {
            routes = List.copyOf(routes);
        }
    }
}
