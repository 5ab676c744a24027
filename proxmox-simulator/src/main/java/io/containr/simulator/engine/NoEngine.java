package io.containr.simulator.engine;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Guests in name only: every image is there, every guest starts and ends at once, nothing runs. For thousands of guests
 * on one machine; what has to do with content (backups, root file systems) is refused. Forgotten with the process.
 */
public final class NoEngine implements Engine {

    private static final String SUBNET = "127.80.0.0/16";
    private static final long IMAGE_BYTES = 1L << 20;

    private final PaperContainers containers;
    private final ConcurrentMap<String, Boolean> images = new ConcurrentHashMap<>();

    public NoEngine(GuestListener listener, Clock clock) {
        this.containers = new PaperContainers(listener, clock);
    }

    @Override
    public Images images() {
        return new PaperImages();
    }

    @Override
    public Containers containers() {
        return containers;
    }

    @Override
    public Volumes volumes() {
        return new PaperVolumes();
    }

    /** Loopback addresses, so that something may listen there in a guest's stead. */
    @Override
    public Bridge bridge(String name, @Nullable String subnet) {
        String chosen = Objects.requireNonNullElse(subnet, SUBNET);
        return new Bridge(name, chosen, chosen.replaceFirst("\\.\\d+/\\d+$", ".1"), "");
    }

    @Override
    public int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void removeEverything(Bridge bridge) {
        containers.all().forEach(containers::remove);
        images.clear();
    }

    @Override
    public void close() {}

    private static UnsupportedOperationException noContent() {
        return new UnsupportedOperationException("guests without an engine have no content");
    }

    private final class PaperImages implements Images {

        @Override
        public String hold(String repositoryName, @Nullable Login login, Digest digest) {
            return tag(repositoryName);
        }

        @Override
        public String load(InputStream archive, String name) {
            return tag(name);
        }

        @Override
        public String fresh() {
            return "paper:" + UUID.randomUUID();
        }

        @Override
        public String importRoot(InputStream archive) {
            return tag("root");
        }

        @Override
        public String importLater(Path archive) {
            return tag("root");
        }

        @Override
        public String tag(String image) {
            String held = fresh();
            images.put(held, true);
            return held;
        }

        @Override
        public boolean exists(String image) {
            return images.containsKey(image);
        }

        @Override
        public ImageFacts inspect(String image) {
            return new ImageFacts(image, List.of("/init"), List.of(), "", "/", null, Set.of(), IMAGE_BYTES);
        }

        @Override
        public void release(String held) {
            images.remove(held);
        }
    }

    private static final class PaperVolumes implements Volumes {

        @Override
        public String create() {
            return "paper-" + UUID.randomUUID();
        }

        @Override
        public String copy(String volume) {
            return create();
        }

        @Override
        public Path directory(String volume) {
            throw noContent();
        }

        @Override
        public void remove(String name) {}
    }
}
