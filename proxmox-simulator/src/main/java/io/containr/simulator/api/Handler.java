package io.containr.simulator.api;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One method of the API. What it returns becomes {@code data}; null is an answer, too. */
@FunctionalInterface
public interface Handler {

    @Nullable
    Object handle(Call call) throws IOException, InterruptedException;
}
