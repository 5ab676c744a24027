package io.containr.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks every part of the platform how it is. */
final class Health {

    private static final List<String> SERVICES = List.of(
            "auth-service",
            "project-service",
            "build-service",
            "deploy-service",
            "database-service",
            "audit-service",
            "proxmox-agent");

    private final Layout layout;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(2))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    Health(Layout layout) {
        this.layout = layout;
    }

    /** {@code up}, or what is wrong, by the name of each part. */
    Map<String, String> states() {
        Map<String, String> states = new LinkedHashMap<>();
        states.put("gateway", state(layout.uri("gateway") + "/health"));
        SERVICES.forEach(name -> states.put(name, state(readiness(name))));
        return states;
    }

    /** Whether a service, by its name, can do its work. */
    boolean isReady(String service) {
        return state(readiness(service)).equals("up");
    }

    private String readiness(String service) {
        return layout.uri(service) + "/actuator/health/readiness";
    }

    /** Returns when all are up. */
    void await(PrintWriter out, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Map<String, String> states = states();
        while (!states.values().stream().allMatch("up"::equals)) {
            if (System.nanoTime() > deadline) {
                states.values().removeIf("up"::equals);
                throw new CommandFailedException("not healthy: " + states);
            }
            Thread.sleep(100);
            states = states();
        }
        out.println("  ✓ all healthy");
        out.flush();
    }

    private String state(String uri) {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(uri))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? "up" : "status " + answer.statusCode();
        } catch (IOException e) {
            return "does not answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
