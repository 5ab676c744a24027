package io.containr.runtime.messaging;

import io.containr.runtime.Ids;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The origin of what the current thread does. */
public final class Origins {

    private static final ThreadLocal<@Nullable Origin> CURRENT = new ThreadLocal<>();

    private Origins() {}

    /** Never null: a new system origin where nobody set one. */
    public static Origin current() {
        Origin origin = CURRENT.get();
        return origin == null ? Origin.system(Ids.next()) : origin;
    }

    /** Runs with this origin, and gives the thread its former one back. */
    public static <T> T supply(Origin origin, Supplier<T> action) {
        try (Scope ignored = open(origin)) {
            return action.get();
        }
    }

    /** Runs with this origin, and gives the thread its former one back. */
    public static void run(Origin origin, Runnable action) {
        try (Scope ignored = open(origin)) {
            action.run();
        }
    }

    /** For filters whose callee throws checked exceptions; close it on the same thread. */
    public static Scope open(Origin origin) {
        Origin before = CURRENT.get();
        CURRENT.set(origin);
        MDC.put("correlation", origin.correlationId().toString());
        return () -> {
            if (before == null) {
                CURRENT.remove();
                MDC.remove("correlation");
            } else {
                CURRENT.set(before);
                MDC.put("correlation", before.correlationId().toString());
            }
        };
    }

    /** Ends what {@link #open} began. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
