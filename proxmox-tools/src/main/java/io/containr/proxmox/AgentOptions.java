package io.containr.proxmox;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which agent, and what proves an operator to it. */
final class AgentOptions {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(
            names = "--agent",
            defaultValue = "http://127.0.0.1:8107",
            description = "where the agent listens (${DEFAULT-VALUE})")
    URI agent = URI.create("http://127.0.0.1:8107");

    @Option(
            names = "--operator-token-file",
            defaultValue = "${env:CONTAINR_HOME:-.containr}/secrets/operator.token",
            description = "made by the agent at its first start (${DEFAULT-VALUE})")
    Path tokenFile = Path.of(".containr/secrets/operator.token");

    /** What the agent says of the node, after it was asked for something. */
    JsonNode node(String method, String name) throws IOException, InterruptedException {
        String path = "/actuator/nodes/"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest request = HttpRequest.newBuilder(agent.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return JsonMapper.shared().readTree(response.body());
            }
            throw new IOException(refusal(response.statusCode(), name));
        } catch (ConnectException e) {
            throw new IOException("nobody answers at " + agent + "; does the agent run?", e);
        }
    }

    private String token() throws IOException {
        if (Files.notExists(tokenFile)) {
            throw new IOException("there is no " + tokenFile + "; the agent makes it at its first start");
        }
        return Files.readString(tokenFile).strip();
    }

    private String refusal(int status, String name) {
        return switch (status) {
            case 401 -> "the agent does not know the token in " + tokenFile;
            case 404 -> "the cluster has no node " + name;
            default -> "the agent answered " + status;
        };
    }
}
