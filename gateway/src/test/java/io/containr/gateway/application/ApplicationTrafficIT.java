package io.containr.gateway.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.gateway.Backend;
import io.containr.gateway.Messages;
import io.containr.gateway.RunningGateway;
import io.containr.gateway.TestApplication;
import io.containr.gateway.Visitor;
import io.containr.gateway.Visitor.Answer;
import io.containr.gateway.route.RouteTable;
import io.containr.gateway.route.Upstream;
import io.containr.testing.TestInfrastructure;
import io.containr.testing.TestMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ApplicationTrafficIT {

    private static final int LARGE = 50 * 1024 * 1024;
    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    @TempDir
    static Path directory;

    private static TestMessages messages;
    private static RunningGateway gateway;
    private static Visitor visitor;
    private static Backend backend;
    private static TestApplication app;

    @BeforeAll
    static void start() {
        messages = Messages.open();
        gateway = RunningGateway.start(
                directory,
                TestInfrastructure.kafka(),
                "containr.gateway.applications.response-timeout=" + TIMEOUT.toMillis() + "ms",
                "containr.gateway.applications.reach-within=3s",
                "containr.gateway.client-silence=1s",
                "server.netty.idle-timeout=1s");
        visitor = gateway.visitor();
        backend = Backend.start("main");
        app = new TestApplication(messages);
        app.leadsTo(backend);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
        messages.close();
    }

    @Test
    void aRequestArrivesAsItWasSentWithTheTruthAboutItsSender() {
        Answer answer = visitor.ask(
                HttpMethod.PUT,
                app.host() + ":8080",
                "/a%2Fb/c?x=1&y=%20",
                "hello",
                "X-Forwarded-For",
                "6.6.6.6",
                "X-Forwarded-Prefix",
                "/evil",
                "Forwarded",
                "for=6.6.6.6",
                "X-Own",
                "kept");

        assertThat(answer.status()).isEqualTo(200);
        Map<?, ?> seen = answer.json();
        assertThat(seen.get("method")).isEqualTo("PUT");
        assertThat(seen.get("uri")).isEqualTo("/a%2Fb/c?x=1&y=%20");
        assertThat(seen.get("body")).isEqualTo("hello");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ((Map<?, ?>) seen.get("headers")).forEach((name, value) -> headers.put(name.toString(), value.toString()));
        assertThat(headers)
                .containsEntry("host", app.host() + ":8080")
                .containsEntry("x-own", "kept")
                .containsEntry("X-Forwarded-For", "127.0.0.1")
                .containsEntry("X-Forwarded-Proto", "http")
                .containsEntry("X-Forwarded-Host", app.host() + ":8080")
                .containsKey("X-Request-Id");
        assertThat(headers).doesNotContainKeys("X-Forwarded-Prefix", "Forwarded");
    }

    @Test
    void whatBrowsersSendBareReachesTheApplicationEncoded() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            write(socket, "GET /a|b?q={x} HTTP/1.1\r\nHost: " + app.host() + "\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"/a%7Cb?q=%7Bx%7D\"");
        }
    }

    @Test
    void anAnswerArrivesAsItWasGiven() {
        Answer answer = visitor.get(app.host(), "/teapot");

        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.body()).isEqualTo("short and stout");
        assertThat(answer.header("X-App")).isEqualTo("yes");
        assertThat(answer.headers().contains("Content-Security-Policy")).isFalse();
    }

    @Test
    void pathsOfTheGatewayItselfBelongToTheApplicationOnItsHost() {
        assertThat(visitor.get(app.host(), "/health").json().get("uri")).isEqualTo("/health");
        assertThat(visitor.get(app.host(), "/api/v1/projects").json().get("uri"))
                .isEqualTo("/api/v1/projects");
        assertThat(visitor.get(app.host(), "/actuator/env").json().get("uri")).isEqualTo("/actuator/env");
    }

    @Test
    void aPreflightIsTheApplicationsToAnswer() {
        Answer answer = visitor.ask(
                HttpMethod.OPTIONS,
                app.host(),
                "/x",
                "",
                "Origin",
                "https://elsewhere.example",
                "Access-Control-Request-Method",
                "PUT");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("method")).isEqualTo("OPTIONS");
    }

    @Test
    void anUnknownHostIsNotFoundInTheShapeTheVisitorUnderstands() {
        Answer json = visitor.get("nobody.apps.localhost", "/");
        assertThat(json.status()).isEqualTo(404);
        assertThat(json.json())
                .isEqualTo(
                        Map.of("error", "No application has this host name", "code", "NOT_FOUND", "details", Map.of()));

        Answer problem = visitor.get("nobody.apps.localhost", "/", "Accept", "application/problem+json");
        assertThat(problem.header("Content-Type")).startsWith("application/problem+json");
        assertThat(problem.json().get("code")).isEqualTo("NOT_FOUND");
        assertThat(problem.json().get("status")).isEqualTo(404);

        Answer page = visitor.get("nobody.apps.localhost", "/", "Accept", "text/html,*/*");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("No application has this host name");
    }

    @Test
    void aRouteWithoutInstancesIsUnavailable() {
        TestApplication stopped = new TestApplication(messages);
        stopped.leadsTo();

        Answer answer = visitor.get(stopped.host(), "/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("code")).isEqualTo("DEPENDENCY_UNAVAILABLE");
    }

    @Test
    void aRefusedConnectionIsTriedOnceMoreOnAnotherInstance() {
        Backend gone = Backend.start("gone");
        gone.close();
        TestApplication two = new TestApplication(messages);
        two.leadsTo(gone, backend);

        for (int i = 0; i < 20; i++) {
            assertThat(visitor.post(two.host(), "/count", "x").status()).isEqualTo(200);
        }
    }

    @Test
    void requestsWaitForAnInstanceThatIsOutOfReachForAMoment() {
        Backend before = Backend.start("before");
        before.close();
        TestApplication restarted = new TestApplication(messages);
        restarted.leadsTo(before);
        Upstream upstream = gateway.bean(RouteTable.class)
                .find(restarted.host())
                .orElseThrow()
                .upstreams()
                .getFirst();
        List<CompletableFuture<Answer>> answers = List.of(
                CompletableFuture.supplyAsync(() -> visitor.get(restarted.host(), "/who"), Thread::startVirtualThread),
                CompletableFuture.supplyAsync(
                        () -> visitor.post(restarted.host(), "/count", "hello"), Thread::startVirtualThread));
        Awaitility.await().untilAsserted(() -> assertThat(upstream.inFlight()).isEqualTo(2));

        try (Backend after = Backend.start("after", before.port())) {
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(200));
            assertThat(after.received()).isEqualTo("hello".length());
        }
    }

    @Test
    void whereEveryInstanceRefusesTheApplicationIsUnavailable() {
        Backend gone = Backend.start("gone");
        gone.close();
        TestApplication dead = new TestApplication(messages);
        dead.leadsTo(gone);

        Answer answer = visitor.get(dead.host(), "/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("error")).isEqualTo("The application is not available");
    }

    @Test
    void aSafeRequestWhoseConnectionBrokeIsRepeatedAndAnUnsafeOneIsNot() {
        try (Backend fragile = Backend.start("fragile")) {
            TestApplication breaking = new TestApplication(messages);
            breaking.leadsTo(fragile);

            assertThat(visitor.get(breaking.host(), "/cut-once").body()).isEqualTo("fragile");
            int before = fragile.requests();
            Answer answer = visitor.post(breaking.host(), "/cut", "charge my card");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.json().get("code")).isEqualTo("BAD_GATEWAY");
            assertThat(fragile.requests()).isEqualTo(before + 1);
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsATimeout() {
        Answer get = visitor.get(app.host(), "/slow?ms=5000");
        assertThat(get.status()).isEqualTo(504);
        assertThat(get.json().get("code")).isEqualTo("GATEWAY_TIMEOUT");

        assertThat(visitor.post(app.host(), "/slow?ms=5000", "x").status()).isEqualTo(504);
    }

    @Test
    void eventsFlowOneByOneForLongerThanAnyTimeout() {
        List<Long> arrivals = visitor.client()
                .headers(Visitor.with(app.host(), "Accept", "text/event-stream")::apply)
                .get()
                .uri("/sse?count=10&every=500")
                .responseContent()
                .asString()
                .flatMapIterable(text ->
                        text.lines().filter(line -> line.startsWith("data:")).toList())
                .map(event -> System.nanoTime())
                .collectList()
                .block(Duration.ofSeconds(20));

        assertThat(arrivals).hasSize(10);
        assertThat(Duration.ofNanos(arrivals.getLast() - arrivals.getFirst())).isGreaterThan(TIMEOUT.multipliedBy(2));
    }

    @Test
    void partsOfAnyAnswerAreNotHeldBack() {
        Long first = visitor.client()
                .headers(Visitor.with(app.host())::apply)
                .get()
                .uri("/drip?count=20&every=300")
                .responseContent()
                .asString()
                .elapsed()
                .map(timed -> timed.getT1())
                .blockFirst(Duration.ofSeconds(10));

        assertThat(first).isLessThan(1500);
    }

    @Test
    void aSlowUploadIsNotCutAndArrivesWhole() {
        Flux<ByteBuf> slow = Flux.interval(Duration.ofMillis(300))
                .take(6)
                .map(tick -> Unpooled.copiedBuffer("0123456789", StandardCharsets.UTF_8));

        try (Backend counting = Backend.start("counting")) {
            TestApplication uploads = new TestApplication(messages);
            uploads.leadsTo(counting);
            assertThat(visitor.stream(uploads.host(), "/count", slow).body()).isEqualTo("60");
        }
    }

    @Test
    void aLargeUploadArrivesWhole() {
        byte[] chunk = new byte[64 * 1024];
        Flux<ByteBuf> body = Flux.range(0, LARGE / chunk.length).map(i -> Unpooled.wrappedBuffer(chunk));

        try (Backend counting = Backend.start("counting")) {
            TestApplication uploads = new TestApplication(messages);
            uploads.leadsTo(counting);
            assertThat(visitor.stream(uploads.host(), "/count", body).body()).isEqualTo(Integer.toString(LARGE));
        }
    }

    @Test
    void aLargeDownloadWaitsForItsReaderInsteadOfFillingMemory() throws IOException {
        try (Backend source = Backend.start("source");
                Socket reader = new Socket()) {
            TestApplication downloads = new TestApplication(messages);
            downloads.leadsTo(source);
            reader.setReceiveBufferSize(64 * 1024);
            reader.connect(new java.net.InetSocketAddress("127.0.0.1", gateway.port()));
            write(
                    reader,
                    "GET /bytes?n=" + LARGE + " HTTP/1.1\r\nHost: " + downloads.host()
                            + "\r\nConnection: close\r\n\r\n");

            AtomicLong last = new AtomicLong(-1);
            Awaitility.await("the flow to stop")
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> source.sent() > 0 && last.getAndSet(source.sent()) == source.sent());
            assertThat(source.sent()).isLessThan(LARGE / 2);

            InputStream in = reader.getInputStream();
            assertThat(in.readAllBytes().length).isGreaterThan(LARGE);
        }
    }

    @Test
    void aLargeUploadWaitsForTheApplicationInsteadOfFillingMemory() throws IOException {
        try (ServerSocket lazy = new ServerSocket()) {
            lazy.setReceiveBufferSize(64 * 1024);
            lazy.bind(new java.net.InetSocketAddress("127.0.0.1", 0));
            TestApplication uploads = new TestApplication(messages);
            var target = new io.containr.contracts.route.Route.Target(
                    backend.target().instance(), "127.0.0.1", lazy.getLocalPort());
            var empty = uploads.route(1);
            uploads.leadsTo(new io.containr.contracts.route.Route(
                    empty.host(), empty.service(), empty.project(), 1, List.of(target)));
            AtomicLong sent = new AtomicLong();
            byte[] chunk = new byte[64 * 1024];
            Flux<ByteBuf> body = Flux.<ByteBuf>generate(sink -> {
                        sent.addAndGet(chunk.length);
                        sink.next(Unpooled.wrappedBuffer(chunk));
                    })
                    .take(LARGE / chunk.length);

            var upload = visitor.client()
                    .headers(Visitor.with(uploads.host())::apply)
                    .post()
                    .uri("/")
                    .send(body)
                    .response()
                    .onErrorComplete()
                    .subscribe();
            try (Socket accepted = lazy.accept()) {
                AtomicLong last = new AtomicLong(-1);
                // Silence for longer than the timeout ends it, so look before.
                Awaitility.await("the flow to stop")
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
                assertThat(sent.get()).isLessThan(LARGE / 2);
            } finally {
                upload.dispose();
            }
        }
    }

    @Test
    void webSocketsAreRelayedWithTheSubprotocolTheApplicationChose() {
        String large = "x".repeat(100_000);
        List<String> answers = visitor.client()
                .headers(Visitor.with(app.host())::apply)
                .websocket(reactor.netty.http.client.WebsocketClientSpec.builder()
                        .protocols("video, chat")
                        .maxFramePayloadLength(1 << 20)
                        .build())
                .uri("/ws/chat")
                .handle((in, out) -> {
                    Flux<String> received =
                            in.aggregateFrames(1 << 20).receive().asString().take(2);
                    return out.sendString(Flux.just("hi", large))
                            .then()
                            .thenMany(received)
                            .concatWith(Mono.fromSupplier(() -> String.valueOf(in.selectedSubprotocol())));
                })
                .collectList()
                .block(Duration.ofSeconds(10));

        assertThat(answers).containsExactly("main:hi", "main:" + large, "chat");
    }

    @Test
    void aWebSocketOutlivesEveryTimeout() {
        List<String> answers = visitor.client()
                .headers(Visitor.with(app.host())::apply)
                .websocket()
                .uri("/ws/echo")
                .handle((in, out) -> {
                    Flux<TextWebSocketFrame> words = Flux.interval(Duration.ofMillis(1300))
                            .take(3)
                            .map(tick -> new TextWebSocketFrame(tick.toString()));
                    return out.sendObject(words, frame -> true)
                            .then()
                            .thenMany(in.receive().asString().take(3));
                })
                .collectList()
                .block(Duration.ofSeconds(10));

        assertThat(answers).containsExactly("main:0", "main:1", "main:2");
    }

    @Test
    void theReasonForWhichAWebSocketClosesGoesThrough() {
        String closed = visitor.client()
                .headers(Visitor.with(app.host())::apply)
                .websocket()
                .uri("/ws/bye")
                .handle((in, out) -> in.receive()
                        .then()
                        .then(in.receiveCloseStatus())
                        .map(status -> status.code() + " " + status.reasonText()))
                .blockFirst(Duration.ofSeconds(10));

        assertThat(closed).isEqualTo("4001 had enough");
    }

    @Test
    void aWebSocketTheApplicationRefusesGetsItsAnswer() throws IOException {
        assertThat(handshake("/ws/refused", app.host())).startsWith("HTTP/1.1 403");
        assertThat(handshake("/who", app.host())).startsWith("HTTP/1.1 502");
        assertThat(handshake("/ws/chat", "nobody.apps.localhost")).startsWith("HTTP/1.1 404");
    }

    private static String handshake(String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(10_000);
            write(
                    socket,
                    "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            return new String(socket.getInputStream().readNBytes(30), StandardCharsets.US_ASCII);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Test
    void requestsUnderWayAreCountedAndNoneIsForgotten() {
        RouteTable table = gateway.bean(RouteTable.class);
        TestApplication counted = new TestApplication(messages);
        try (Backend source = Backend.start("source")) {
            counted.leadsTo(source);
            Upstream upstream =
                    table.find(counted.host()).orElseThrow().upstreams().getFirst();
            var open = visitor.client()
                    .headers(Visitor.with(counted.host())::apply)
                    .get()
                    .uri("/sse?count=1000&every=50")
                    .responseContent()
                    .subscribe();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(upstream.inFlight()).isOne());

            open.dispose();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(upstream.inFlight()).isZero());
            visitor.get(counted.host(), "/cut");
            visitor.get(counted.host(), "/who");
            visitor.get(counted.host(), "/slow?ms=3000");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(upstream.inFlight()).isZero());
        }
    }

    @Test
    void aRouteIsInForceWithinMomentsOfItsMessage() {
        TestApplication quick = new TestApplication(messages);
        quick.leadsTo(backend);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            Instant before = Instant.now();
            best = Math.min(
                    best, Duration.between(before, quick.leadsTo(backend).at()).toMillis());
        }

        assertThat(best).isLessThan(50);
    }
}
