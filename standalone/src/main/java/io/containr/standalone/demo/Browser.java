package io.containr.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Visits applications. As browsers do, and a resolver may not, it takes every name below {@code localhost} for this
 * machine (RFC 6761, section 6.3).
 */
public final class Browser {

    /**
     * Lets requests name a host apart from the address they go to. The JDK reads this once, so it must come before the
     * process makes its first HTTP client.
     */
    public static void allowHostHeader() {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** The answer to a GET, with its body as text. */
    public HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(request(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The answer to a POST of a text. */
    public HttpResponse<String> post(String url, String body) throws IOException, InterruptedException {
        return client.send(
                request(url)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A request that {@link #client()} may send; ten seconds until its answer begins. */
    public static HttpRequest.Builder request(String url) {
        URI uri = URI.create(url);
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(Duration.ofSeconds(10));
        if (!uri.getHost().endsWith(".localhost")) {
            return request.uri(uri);
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return request.uri(URI.create("http://127.0.0.1:" + uri.getPort() + path + query))
                .header("Host", uri.getRawAuthority());
    }

    public HttpClient client() {
        return client;
    }
}
