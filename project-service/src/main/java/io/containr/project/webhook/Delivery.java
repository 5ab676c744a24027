package io.containr.project.webhook;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a provider sent, as it came.
 *
 * @param headers a header's value by its name, in any case
 * @param body the very bytes that were signed
 */
record Delivery(Function<String, @Nullable String> headers, byte[] body) {

    @Nullable
    String header(String name) {
        return headers.apply(name);
    }

    /** Empty where it is missing. */
    String headerOrEmpty(String name) {
        String value = header(name);
        return value == null ? "" : value;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Delivery[" + body.length + " bytes]";
    }
}
