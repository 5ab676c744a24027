package io.containr.gateway.application;

import io.containr.gateway.edge.BodyLimit;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Limits the wait for the head of an answer. While the client still sends its request, time does not run. */
final class ResponseTimeout {

    private final Duration limit;

    ResponseTimeout(Duration limit) {
        this.limit = limit;
    }

    /** @param forward ends when the head of the answer is there; fails with {@link TimeoutException} past the limit */
    Mono<Void> guard(ServerWebExchange exchange, Function<ServerWebExchange, Mono<Void>> forward) {
        if (!BodyLimit.hasBody(exchange.getRequest())) {
            return forward.apply(exchange).timeout(limit);
        }
        return Mono.defer(() -> {
            AtomicLong lastProgress = new AtomicLong(System.nanoTime());
            ServerWebExchange watched = exchange.mutate()
                    .request(new WatchedRequest(exchange.getRequest(), lastProgress))
                    .build();
            return forward.apply(watched).timeout(silence(lastProgress));
        });
    }

    private Publisher<Long> silence(AtomicLong lastProgress) {
        Duration tick = limit.dividedBy(10);
        return Flux.interval(tick)
                .onBackpressureDrop()
                .filter(count -> System.nanoTime() - lastProgress.get() > limit.toNanos())
                .next();
    }

    private static final class WatchedRequest extends ServerHttpRequestDecorator {

        private final AtomicLong lastProgress;

        WatchedRequest(ServerHttpRequest request, AtomicLong lastProgress) {
            super(request);
            this.lastProgress = lastProgress;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody()
                    .doOnNext(buffer -> lastProgress.set(System.nanoTime()))
                    .doOnComplete(() -> lastProgress.set(System.nanoTime()));
        }
    }
}
