package io.containr.gateway.edge;

import io.containr.runtime.web.ErrorCode;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/** Refuses a body that is too large: at once where its length is announced, else when it has become too long. */
public final class BodyLimit {

    private BodyLimit() {}

    /** @throws GatewayException PAYLOAD_TOO_LARGE if the announced length is over the limit */
    public static ServerWebExchange limited(ServerWebExchange exchange, DataSize limit) {
        ServerHttpRequest request = exchange.getRequest();
        long announced = request.getHeaders().getContentLength();
        if (announced > limit.toBytes()) {
            throw tooLarge(limit);
        }
        if (announced >= 0 || !hasBody(request)) {
            return exchange;
        }
        return exchange.mutate()
                .request(new ServerHttpRequestDecorator(request) {
                    @Override
                    public Flux<DataBuffer> getBody() {
                        return counted(super.getBody(), limit);
                    }
                })
                .build();
    }

    /** Whether the client announced a body. */
    public static boolean hasBody(ServerHttpRequest request) {
        return request.getHeaders().getContentLength() > 0
                || request.getHeaders().containsHeader("Transfer-Encoding");
    }

    private static Flux<DataBuffer> counted(Flux<DataBuffer> body, DataSize limit) {
        return Flux.defer(() -> {
            long[] seen = {0};
            return body.handle((buffer, sink) -> {
                seen[0] += buffer.readableByteCount();
                if (seen[0] > limit.toBytes()) {
                    DataBufferUtils.release(buffer);
                    sink.error(tooLarge(limit));
                } else {
                    sink.next(buffer);
                }
            });
        });
    }

    private static GatewayException tooLarge(DataSize limit) {
        return new GatewayException(
                ErrorCode.PAYLOAD_TOO_LARGE, "The request is larger than " + limit.toBytes() + " bytes");
    }
}
