package io.containr.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who asks the gateway for pages of any host. */
public final class Visitor {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ConnectionProvider CONNECTIONS = ConnectionProvider.builder("visitors")
            .maxConnections(500)
            .maxIdleTime(Duration.ofMillis(300))
            .build();

    private final HttpClient client;

    Visitor(int port) {
        this.client = HttpClient.create(CONNECTIONS).host("127.0.0.1").port(port);
    }

    public HttpClient client() {
        return client;
    }

    public Answer get(String host, String path, String... headers) {
        return ask(HttpMethod.GET, host, path, "", headers);
    }

    public Answer post(String host, String path, String body, String... headers) {
        return ask(HttpMethod.POST, host, path, body, headers);
    }

    /** @param headers name, value, name, value ... */
    public Answer ask(HttpMethod method, String host, String path, String body, String... headers) {
        ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        return answer(client.headers(with(host, headers)::apply)
                .request(method)
                .uri(path)
                .send(body.isEmpty() ? Mono.empty() : Mono.just(bytes)));
    }

    /** A body whose length is not announced. */
    public Answer stream(String host, String path, Flux<ByteBuf> body) {
        return answer(client.headers(with(host)::apply).post().uri(path).send(body));
    }

    public static UnaryOperator<HttpHeaders> with(String host, String... more) {
        return headers -> {
            headers.set("Host", host);
            for (int i = 0; i < more.length; i += 2) {
                headers.set(more[i], more[i + 1]);
            }
            return headers;
        };
    }

    private static Answer answer(HttpClient.ResponseReceiver<?> receiver) {
        return receiver.responseSingle((head, body) -> body.asString()
                        .defaultIfEmpty("")
                        .map(text -> new Answer(head.status().code(), text, head.responseHeaders())))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** What came back. */
    public record Answer(int status, String body, HttpHeaders headers) {

        public Map<String, Object> json() {
            return JsonMapper.shared().readValue(body, new TypeReference<>() {});
        }

        public String header(String name) {
            return headers.get(name);
        }
    }
}
