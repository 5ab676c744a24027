package io.containr.gateway.route;

import io.containr.runtime.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Which gateway this is; the same over restarts. */
public record GatewayId(String value) {

    /** The configured one, else the one in the directory, which is made if missing. */
    static GatewayId of(@Nullable String configured, Path directory) throws IOException {
        if (configured != null && !configured.isBlank()) {
            return new GatewayId(configured.strip());
        }
        Path file = directory.resolve("gateway-id");
        if (!Files.exists(file)) {
            Files.writeString(file, "gateway-" + Ids.next() + "\n", StandardOpenOption.CREATE_NEW);
        }
        return new GatewayId(Files.readString(file).strip());
    }

    @Override
    public String toString() {
        return value;
    }
}
