package io.containr.gateway.application;

import io.containr.gateway.edge.GatewayException;
import io.containr.gateway.route.Upstream;
import io.containr.runtime.web.ErrorCode;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Passes WebSockets on, frame by frame. The application is asked first: the client is upgraded only if the application
 * agreed, with the subprotocol that the application chose, and otherwise gets the application's own answer.
 */
final class WebSocketRelay {

    private static final Logger log = LoggerFactory.getLogger(WebSocketRelay.class);
    private static final Set<String> NOT_PASSED_BACK =
            Set.of("connection", "upgrade", "content-length", "transfer-encoding", "content-encoding", "content-type");

    private final HttpClient client;
    private final List<HttpHeadersFilter> headersFilters;
    private final int maxFrame;
    private final Duration handshakeTimeout;

    WebSocketRelay(HttpClient client, List<HttpHeadersFilter> headersFilters, int maxFrame, Duration handshakeTimeout) {
        this.client = client;
        this.headersFilters = List.copyOf(headersFilters);
        this.maxFrame = maxFrame;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** Ends when the WebSocket does. */
    Mono<Void> relay(ServerWebExchange exchange, Upstream upstream) {
        AtomicBoolean agreed = new AtomicBoolean();
        Mono<Void> relayed = client.headers(headers -> copyRequestHeaders(exchange, headers))
                .websocket(clientSpec(exchange))
                .uri("ws://" + ApplicationFilter.target(exchange.getRequest(), upstream))
                .handle((fromApplication, toApplication) -> {
                    agreed.set(true);
                    return upgrade(exchange, fromApplication, toApplication);
                })
                .then()
                .onErrorResume(
                        WebSocketClientHandshakeException.class, refusal -> passBack(exchange, refusal.response()));
        Mono<Void> tooLate = Mono.delay(handshakeTimeout)
                .flatMap(tick -> agreed.get() ? Mono.never() : Mono.error(new TimeoutException()));
        return Mono.firstWithSignal(relayed, tooLate);
    }

    private void copyRequestHeaders(ServerWebExchange exchange, io.netty.handler.codec.http.HttpHeaders target) {
        HttpHeaders original = exchange.getRequest().getHeaders();
        HttpHeadersFilter.filterRequest(headersFilters, exchange).forEach((name, values) -> {
            if (!name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-")) {
                target.set(name, values);
            }
        });
        String host = original.getFirst(HttpHeaders.HOST);
        if (host != null) {
            target.set(HttpHeaders.HOST, host);
        }
    }

    private WebsocketClientSpec clientSpec(ServerWebExchange exchange) {
        WebsocketClientSpec.Builder spec =
                WebsocketClientSpec.builder().maxFramePayloadLength(maxFrame).handlePing(true);
        List<String> protocols = exchange.getRequest().getHeaders().getOrEmpty("Sec-WebSocket-Protocol");
        return (protocols.isEmpty() ? spec : spec.protocols(String.join(",", protocols))).build();
    }

    private Mono<Void> upgrade(
            ServerWebExchange exchange, WebsocketInbound fromApplication, WebsocketOutbound toApplication) {
        ServerHttpResponse response = exchange.getResponse();
        HttpServerResponse nettyResponse = ServerHttpResponseDecorator.getNativeResponse(response);
        fromApplication
                .headers()
                .getAll(HttpHeaders.SET_COOKIE)
                .forEach(cookie -> response.getHeaders().add(HttpHeaders.SET_COOKIE, cookie));
        WebsocketServerSpec.Builder spec =
                WebsocketServerSpec.builder().maxFramePayloadLength(maxFrame).handlePing(true);
        String protocol = fromApplication.selectedSubprotocol();
        WebsocketServerSpec agreed = (protocol == null ? spec : spec.protocols(protocol)).build();
        // The library's own signal says that the handshake is done, not that the WebSocket has ended.
        Sinks.Empty<Void> ended = Sinks.empty();
        return response.setComplete()
                .then(Mono.defer(() -> nettyResponse.sendWebsocket(
                        (fromClient, toClient) -> Mono.when(
                                        pump(fromClient, toApplication), pump(fromApplication, toClient))
                                .doFinally(signal -> ended.tryEmitEmpty()),
                        agreed)))
                .then(ended.asMono());
    }

    private static Mono<Void> pump(WebsocketInbound from, WebsocketOutbound to) {
        return to.sendObject(ReadToTheEnd.of(from.receiveFrames()).map(WebSocketFrame::retain), frame -> true)
                .then()
                .then(from.receiveCloseStatus())
                .flatMap(status -> close(to, status))
                // Either side may be gone without a word; then so is the other.
                .onErrorResume(failure -> {
                    log.debug("A WebSocket ended without a close", failure);
                    return end(to);
                });
    }

    private static Mono<Void> close(WebsocketOutbound to, WebSocketCloseStatus status) {
        int code = status.code();
        if (code == WebSocketCloseStatus.EMPTY.code()) {
            return to.sendClose();
        }
        if (!WebSocketCloseStatus.isValidStatusCode(code) || code == WebSocketCloseStatus.ABNORMAL_CLOSURE.code()) {
            return end(to);
        }
        return to.sendClose(code, status.reasonText());
    }

    private static Mono<Void> end(WebsocketOutbound to) {
        return Mono.fromRunnable(() -> to.withConnection(Connection::dispose));
    }

    private static Mono<Void> passBack(ServerWebExchange exchange, @Nullable HttpResponse refusal) {
        if (refusal == null || refusal.status().code() < 300) {
            return Mono.error(
                    new GatewayException(ErrorCode.BAD_GATEWAY, "The application does not speak WebSocket here"));
        }
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(refusal.status().code()));
        refusal.headers().forEach(header -> {
            if (!NOT_PASSED_BACK.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                response.getHeaders().add(header.getKey(), header.getValue());
            }
        });
        response.getHeaders().setContentLength(0);
        return response.setComplete();
    }
}
