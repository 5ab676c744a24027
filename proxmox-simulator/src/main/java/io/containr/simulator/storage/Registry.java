package io.containr.simulator.storage;

import io.containr.simulator.engine.Login;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An OCI registry's HTTP API, as far as a node needs it: what a tag stands for, and which tags there are. */
final class Registry implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String MANIFESTS = String.join(
            ",",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    private static final int UNAUTHORIZED = 401;

    private final NodeFiles files;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    Registry(NodeFiles files) {
        this.files = files;
    }

    NodeFiles files() {
        return files;
    }

    /** The digest behind a tag; an {@link IOException} says in the registry's words why there is none. */
    String digest(RegistryReference reference) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(reference, "manifests/" + reference.tag(), "HEAD");
        if (answer.statusCode() != 200) {
            throw new IOException("reading manifest " + reference.tag() + " in " + reference.repository() + ": "
                    + switch (answer.statusCode()) {
                        case 404 -> "manifest unknown";
                        case UNAUTHORIZED -> "unauthorized: authentication required";
                        default -> "status " + answer.statusCode();
                    });
        }
        return answer.headers()
                .firstValue("Docker-Content-Digest")
                .orElseThrow(() -> new IOException("registry names no digest of " + reference.repository()));
    }

    List<String> tags(RegistryReference reference) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(reference, "tags/list", "GET");
        if (answer.statusCode() != 200) {
            throw new IOException("listing tags of " + reference.repository() + ": status " + answer.statusCode());
        }
        try {
            return MAPPER.readTree(answer.body())
                    .path("tags")
                    .valueStream()
                    .map(JsonNode::asString)
                    .toList();
        } catch (JacksonException e) {
            throw new IOException("listing tags of " + reference.repository() + ": no JSON", e);
        }
    }

    private HttpResponse<String> get(RegistryReference reference, String what, String method)
            throws IOException, InterruptedException {
        Optional<SSLContext> trust = files.trust(reference.host());
        String scheme = reference.loopback() && trust.isEmpty() ? "http" : "https";
        String host = reference.host().equals("docker.io") ? "registry-1.docker.io" : reference.host();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(scheme + "://" + host + "/v2/" + reference.name() + "/" + what))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept", MANIFESTS)
                .timeout(Duration.ofSeconds(30));
        files.login(reference.host()).ifPresent(login -> request.header("Authorization", basic(login)));
        if (trust.isEmpty()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
        try (HttpClient trusting =
                HttpClient.newBuilder().sslContext(trust.get()).build()) {
            return trusting.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String basic(Login login) {
        String both = login.user() + ":" + login.password();
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close();
    }
}
