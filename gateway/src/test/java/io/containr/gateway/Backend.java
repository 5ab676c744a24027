package io.containr.gateway;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyOutbound;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.json.JsonMapper;

/** A real HTTP server in the place of an application's instance or a service. */
public final class Backend implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;

    private final String name;
    private final InstanceId instance = new InstanceId(UUID.randomUUID());
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger cuts = new AtomicInteger();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final DisposableServer server;

    private Backend(String name, int port) {
        this.name = name;
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .option(ChannelOption.SO_REUSEADDR, true)
                .channelGroup(connections)
                .route(this::routes)
                .bindNow();
    }

    public static Backend start(String name) {
        return new Backend(name, 0);
    }

    public static Backend start(String name, int port) {
        return new Backend(name, port);
    }

    public int port() {
        return server.port();
    }

    public String uri() {
        return "http://127.0.0.1:" + port();
    }

    public Route.Target target() {
        return new Route.Target(instance, "127.0.0.1", port());
    }

    /** Requests that came so far. */
    public int requests() {
        return requests.get();
    }

    /** Bytes of a large answer that were asked of this server so far. */
    public long sent() {
        return sent.get();
    }

    /** Bytes of request bodies read so far. */
    public long received() {
        return received.get();
    }

    private void routes(HttpServerRoutes routes) {
        routes.ws("/ws/chat", this::chat, chat())
                .ws("/ws/echo", this::chat)
                .ws("/ws/bye", (in, out) -> out.sendString(Mono.just("bye")).then(out.sendClose(4001, "had enough")))
                .route(request -> true, this::answer);
    }

    private Publisher<Void> chat(WebsocketInbound in, WebsocketOutbound out) {
        Flux<TextWebSocketFrame> answers =
                in.aggregateFrames(1 << 20).receive().asString().map(text -> new TextWebSocketFrame(name + ":" + text));
        return out.sendObject(answers, frame -> true);
    }

    private static WebsocketServerSpec chat() {
        return WebsocketServerSpec.builder()
                .protocols("chat")
                .maxFramePayloadLength(1 << 20)
                .build();
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        requests.incrementAndGet();
        return switch (behaviour(request)) {
            case "/who" -> response.sendString(Mono.just(name));
            case "/sse" -> ticks(request, response.sse(), "data: %s\n\n");
            case "/drip" -> ticks(request, response.header("Content-Type", "text/plain"), "%s;");
            case "/slow" ->
                Mono.delay(Duration.ofMillis(number(request, "ms")))
                        .then(response.sendString(Mono.just("slow")).then());
            case "/count" -> count(request, response);
            case "/bytes" -> bytes(request, response);
            case "/cut" -> cut(response);
            case "/cut-once" -> cuts.getAndIncrement() == 0 ? cut(response) : response.sendString(Mono.just(name));
            case "/actuator/health/dependencies" -> health(response);
            case "/teapot" -> response.status(418).header("X-App", "yes").sendString(Mono.just("short and stout"));
            case "/ws/refused" -> response.status(403).sendString(Mono.just("not you"));
            default -> echo(request, response);
        };
    }

    /** The path for an application; its third part for a service, such as {@code /api/v1/builds/slow}. */
    private static String behaviour(HttpServerRequest request) {
        String path = "/" + request.path();
        String[] parts = path.split("/");
        return path.startsWith("/api/v1/") && parts.length > 4 ? "/" + parts[4] : path;
    }

    private static NettyOutbound ticks(HttpServerRequest request, HttpServerResponse response, String form) {
        Flux<ByteBuf> ticks = Flux.interval(Duration.ofMillis(number(request, "every")))
                .take(number(request, "count"))
                .map(tick -> Unpooled.copiedBuffer(form.formatted(tick), StandardCharsets.UTF_8));
        return response.send(ticks, tick -> true);
    }

    private Publisher<Void> count(HttpServerRequest request, HttpServerResponse response) {
        long pause = number(request, "pause");
        Flux<ByteBuf> body = request.receive().doOnNext(part -> received.addAndGet(part.readableBytes()));
        return (pause == 0 ? body : body.delaySequence(Duration.ofMillis(pause)))
                .then()
                .then(Mono.defer(() -> response.sendString(Mono.just(Long.toString(received.get())))
                        .then()));
    }

    private Publisher<Void> bytes(HttpServerRequest request, HttpServerResponse response) {
        long wanted = number(request, "n");
        Flux<ByteBuf> chunks = Flux.<ByteBuf, Long>generate(() -> wanted, (left, sink) -> {
            if (left == 0) {
                sink.complete();
                return 0L;
            }
            int size = (int) Math.min(left, CHUNK);
            sent.addAndGet(size);
            sink.next(Unpooled.wrappedBuffer(new byte[size]));
            return left - size;
        });
        return response.header("Content-Length", Long.toString(wanted)).send(chunks);
    }

    /** As a service has it: all well, but for the agent's hypervisor. */
    private Publisher<Void> health(HttpServerResponse response) {
        boolean ill = name.equals("agent");
        String json = ill ? """
                {"status":"DOWN","components":{"db":{"status":"UP"},"proxmox-api":{"status":"DOWN"}}}""" : """
                {"status":"UP","components":{"db":{"status":"UP"}}}""";
        return response.status(ill ? 503 : 200)
                .header("Content-Type", "application/json")
                .sendString(Mono.just(json));
    }

    private static Publisher<Void> cut(HttpServerResponse response) {
        response.withConnection(connection -> connection.channel().close());
        return Mono.never();
    }

    private Publisher<Void> echo(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asString().defaultIfEmpty("").flatMap(body -> {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            request.requestHeaders()
                    .forEach(header -> headers.merge(header.getKey(), header.getValue(), (a, b) -> a + "," + b));
            String json = JsonMapper.shared()
                    .writeValueAsString(Map.of(
                            "name", name,
                            "method", request.method().name(),
                            "uri", request.uri(),
                            "headers", headers,
                            "body", body));
            return response.header("Content-Type", "application/json")
                    .send(Mono.just(Unpooled.copiedBuffer(json, StandardCharsets.UTF_8)))
                    .then();
        });
    }

    private static long number(HttpServerRequest request, String name) {
        for (String pair :
                request.uri().substring(request.uri().indexOf('?') + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                return Long.parseLong(pair.substring(name.length() + 1));
            }
        }
        return 0;
    }

    /** Answers what it has begun, then goes. */
    public void drain() {
        server.disposeNow(Duration.ofSeconds(5));
        connections.close().syncUninterruptibly();
    }

    @Override
    public void close() {
        connections.close().syncUninterruptibly();
        server.disposeNow(Duration.ofSeconds(2));
    }
}
