package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.simulator.access.ApiToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client as anyone would write it, over verified TLS. */
final class Pve {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Status and body; {@code json} is missing where the body is none. */
    record Answer(int status, String body) {

        JsonNode json() {
            return MAPPER.readTree(body.isEmpty() ? "{}" : body);
        }

        JsonNode data() {
            assertThat(status).as(body).isEqualTo(200);
            return json().get("data");
        }

        String message() {
            return json().path("message").asString("").strip();
        }
    }

    private final HttpClient client;
    private final URI base;
    private final String authorization;

    Pve(SimulatorServer server, ApiToken token) {
        this(server, token.header());
    }

    Pve(SimulatorServer server, String authorization) {
        this(server.baseUri().toString(), server.caPem(), authorization);
    }

    Pve(String base, String pem, String authorization) {
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(pem))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.base = URI.create(base);
        this.authorization = authorization;
    }

    static SSLContext trusting(String pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String... form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form))));
    }

    Answer put(String path, String... form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(HttpRequest.BodyPublishers.ofString(encode(form))));
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    Answer raw(String absolutePath, String method, String contentType, byte[] body) {
        return send(HttpRequest.newBuilder(base.resolve(absolutePath))
                .header("Authorization", authorization)
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + "/api2/json" + path));
        if (!authorization.isEmpty()) {
            builder.header("Authorization", authorization);
        }
        return builder.timeout(Duration.ofSeconds(60));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Answer answer = new Answer(response.statusCode(), response.body());
            describedByProxmox(response.request().method(), response.uri().getRawPath(), answer);
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whatever a test asks, the answer must be as the real API describes it. */
    private static void describedByProxmox(String method, String path, Answer answer) {
        if (answer.status() == 200 && answer.body().startsWith("{")) {
            ReturnSchemas.find()
                    .ifPresent(schemas -> assertThat(
                                    schemas.complaints(method, path.replaceFirst("/api2/json", ""), answer.data()))
                            .isEmpty());
        }
    }

    static String encode(String... form) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < form.length; i += 2) {
            pairs.add(form[i] + "=" + URLEncoder.encode(form[i + 1], StandardCharsets.UTF_8));
        }
        return String.join("&", pairs);
    }

    private static String task(Answer started) {
        String upid = started.data().asString();
        return "/nodes/" + upid.split(":")[1] + "/tasks/" + URLEncoder.encode(upid, StandardCharsets.UTF_8);
    }

    /** What a task said. */
    String log(Answer started) {
        return get(task(started) + "/log")
                .data()
                .valueStream()
                .map(line -> line.get("t").asString())
                .collect(Collectors.joining("\n"));
    }

    /** Follows a task to its end; returns its exit status. */
    String end(Answer started) {
        String path = task(started);
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> get(path + "/status").data(),
                        status -> status.get("status").asString().equals("stopped"))
                .get("exitstatus")
                .asString();
    }

    void ok(Answer started) {
        assertThat(end(started)).isEqualTo("OK");
    }

    String status(int vmid) {
        return get("/nodes/pve1/lxc/" + vmid + "/status/current")
                .data()
                .get("status")
                .asString();
    }
}
