package io.containr.standalone.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A user's way through the API, told while it goes on. Whatever does not end as it should is an exception with the platform's words. */
public final class Walk {

    private static final Set<String> ENDED = Set.of("deployed", "failed", "cancelled", "superseded");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ApiClient api;
    private final PrintWriter out;
    private final Browser browser = new Browser();

    public Walk(ApiClient api, PrintWriter out) {
        this.api = api;
        this.out = out;
    }

    ApiClient api() {
        return api;
    }

    void title(String text) {
        out.println();
        out.println("▸ " + text);
        out.flush();
    }

    void say(String text) {
        out.println("  " + text);
        out.flush();
    }

    /** A web service of that name, built from the repository's Dockerfile over a base image; one of an earlier walk goes. */
    String service(String project, String name, SampleRepository repository, String baseImage)
            throws IOException, InterruptedException {
        for (JsonNode known : api.get("/projects/" + project + "/services")) {
            if (known.path("name").asString().equals(name)) {
                String id = known.path("id").asString();
                api.send("DELETE", "/services/" + id, null).expect(204);
                say("removed the service of an earlier demo");
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("type", "web");
        body.put("source", Map.of("type", "git", "repository", repository.url(), "branch", "main"));
        body.put(
                "build_config",
                Map.of(
                        "builder_type",
                        "dockerfile",
                        "health_check_path",
                        "/healthz",
                        "environment_variables",
                        Map.of("BASE", baseImage)));
        body.put("resources", Map.of("cpu", "0.5", "memory", "64Mi"));
        String id =
                api.post("/projects/" + project + "/services", body).path("id").asString();
        say("service " + name + " " + id);
        return id;
    }

    JsonNode deploy(String service) throws IOException, InterruptedException {
        String deployment = api.post("/services/" + service + "/deployments", Map.of("trigger", "manual"))
                .path("id")
                .asString();
        return follow(deployment);
    }

    /** Prints states and build log as they come, until the deployment has ended. */
    JsonNode follow(String deployment) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String state = "";
        int logged = 0;
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            JsonNode now = api.get("/deployments/" + deployment).path("deployment");
            String log = now.path("build_log").asString("");
            int complete = log.lastIndexOf('\n') + 1;
            if (complete > logged) {
                log.substring(logged, complete).lines().forEach(line -> say("  │ " + line));
                logged = complete;
            }
            if (!now.path("status").asString().equals(state)) {
                state = now.path("status").asString();
                say("%6.2f s  %s".formatted((System.nanoTime() - start) / 1e9, state));
            }
            if (ENDED.contains(state)) {
                if (!state.equals("deployed")) {
                    throw new IOException("the deployment ended " + state + ": "
                            + now.path("error").asString(""));
                }
                if (now.has("phases")) {
                    say("phases in ms: " + now.path("phases"));
                }
                return now;
            }
            Thread.sleep(50);
        }
        throw new IOException("the deployment is still " + state + " after " + PATIENCE.toMinutes() + " minutes");
    }

    /** Looks again and again until what is there is as wanted, and says how long that took. */
    JsonNode until(String what, String path, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
        long start = System.nanoTime();
        JsonNode now = api.get(path);
        while (!wanted.test(now)) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(path + " is not " + what + " after " + PATIENCE.toMinutes() + " minutes: " + now);
            }
            Thread.sleep(50);
            now = api.get(path);
        }
        say("%6.2f s  %s".formatted((System.nanoTime() - start) / 1e9, what));
        return now;
    }

    void show(String url, String expected) throws IOException, InterruptedException {
        HttpResponse<String> answer = browser.get(url);
        say("GET " + url + " → " + answer.statusCode());
        if (answer.statusCode() != 200 || !answer.body().contains(expected)) {
            throw new IOException(url + " does not show '" + expected + "' but: " + answer.body());
        }
        say("  it shows: " + expected);
    }

    /** What the application answers to this body. */
    String post(String url, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = browser.post(url, body);
        say("POST " + url + " → " + answer.statusCode());
        if (answer.statusCode() != 200) {
            throw new IOException(url + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body().strip();
    }
}
