package io.containr.gateway.application;

import io.containr.gateway.route.Upstream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** One request's place among those under way to an instance, until its answer has ended. */
final class Passage {

    private static final String ATTRIBUTE = Passage.class.getName();

    private final AtomicReference<@Nullable Upstream> current = new AtomicReference<>();

    static Passage of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    static Passage begin(ServerWebExchange exchange) {
        Passage passage = new Passage();
        exchange.getAttributes().put(ATTRIBUTE, passage);
        return passage;
    }

    void through(Upstream upstream) {
        upstream.begin();
        leave(current.getAndSet(upstream));
    }

    void end() {
        leave(current.getAndSet(null));
    }

    private static void leave(@Nullable Upstream upstream) {
        if (upstream != null) {
            upstream.end();
        }
    }
}
