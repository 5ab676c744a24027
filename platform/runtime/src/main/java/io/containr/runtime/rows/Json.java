package io.containr.runtime.rows;

import io.containr.runtime.messaging.MessageCodec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Records in columns: written and read as they travel in messages. */
public final class Json {

    private final MessageCodec codec;

    public Json(MessageCodec codec) {
        this.codec = codec;
    }

    public String write(Object value) {
        return new String(codec.write(value), StandardCharsets.UTF_8);
    }

    public @Nullable String writeIfPresent(@Nullable Object value) {
        return value == null ? null : write(value);
    }

    public <T> T read(String json, Class<T> type) {
        return codec.read(json.getBytes(StandardCharsets.UTF_8), type);
    }
}
