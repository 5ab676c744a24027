package io.containr.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** As much of a GitLab as it takes to list one repository with one token. */
final class GitProviderStub implements AutoCloseable {

    private final HttpServer server;
    private volatile String token;

    private GitProviderStub(HttpServer server, String token) {
        this.server = server;
        this.token = token;
    }

    static GitProviderStub start(String token) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        GitProviderStub stub = new GitProviderStub(server, token);
        server.createContext("/api/v4/user", exchange -> stub.answer(exchange, "{\"username\":\"grace\"}"));
        server.createContext("/api/v4/projects", exchange -> stub.answer(exchange, """
                [{"id":1,"name":"hello","path_with_namespace":"grace/hello","description":"Says hello",
                "visibility":"private","default_branch":"main","http_url_to_repo":"%1$s/grace/hello.git",
                "web_url":"%1$s/grace/hello"}]""".formatted(stub.url())));
        server.start();
        return stub;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on this token alone is good. */
    void accept(String other) {
        token = other;
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        boolean known = ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] answer = (known ? body : "{\"message\":\"token is required\"}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
