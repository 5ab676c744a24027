package io.containr.standalone.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.api.errors.GitAPIException;
import tools.jackson.databind.JsonNode;

/** The main job, as a user does it: deploy from Git, push a change, redeploy, roll back, look at the audit log. */
public final class Demo {

    private static final Set<String> ENDED = Set.of("deployed", "failed", "cancelled", "superseded");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String PAGE = "www/index.html";

    private final ApiClient api;
    private final SampleRepository repository;
    private final String baseImage;
    private final PrintWriter out;
    private final Browser browser = new Browser();

    public Demo(ApiClient api, SampleRepository repository, String baseImage, PrintWriter out) {
        this.api = api;
        this.repository = repository;
        this.baseImage = baseImage;
        this.out = out;
    }

    /**
     * Runs it all.
     *
     * @return the application's URL
     * @throws IOException if a step does not end as it should, with what the platform says about it
     */
    public String run() throws IOException, InterruptedException, GitAPIException {
        title("A user, a project, a service");
        api.loginOrRegister("ada@example.com", "correct-horse-battery", "Ada");
        say("logged in as ada@example.com");
        String project = project();
        String service = service(project);

        title("Deploy " + repository.url());
        JsonNode first = deploy(service);
        String url = first.path("url").asString();
        show(url, "Version 1");

        title("Push a change and redeploy");
        String page = repository.read(PAGE);
        repository.change(PAGE, page.replace("Version 1", "Version 2"), "Say it is version 2");
        deploy(service);
        show(url, "Version 2");

        title("Roll back to the first deployment");
        JsonNode rollback = api.post("/deployments/" + first.path("id").asString() + "/rollback", null);
        follow(rollback.path("deployment").path("id").asString());
        show(url, "Version 1");

        title("What the application wrote");
        api.get("/services/" + service + "/logs?tail=5")
                .path("logs")
                .forEach(line -> say(line.path("stream").asString() + " │ "
                        + line.path("message").asString()));

        title("The audit log");
        api.get("/audit-logs?limit=20").path("audit_logs").forEach(this::audit);
        return url;
    }

    private String project() throws IOException, InterruptedException {
        for (JsonNode known : api.get("/projects?search=demo").path("projects")) {
            if (known.path("name").asString().equals("demo")) {
                say("project demo " + known.path("id").asString() + " is there already");
                return known.path("id").asString();
            }
        }
        String id = api.post("/projects", Map.of("name", "demo", "description", "Made by containr demo"))
                .path("id")
                .asString();
        say("project demo " + id);
        return id;
    }

    private String service(String project) throws IOException, InterruptedException {
        for (JsonNode known : api.get("/projects/" + project + "/services")) {
            if (known.path("name").asString().equals("hello")) {
                String id = known.path("id").asString();
                api.send("DELETE", "/services/" + id, null).expect(204);
                say("removed the service of an earlier demo");
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", "hello");
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
        say("service hello " + id);
        return id;
    }

    private JsonNode deploy(String service) throws IOException, InterruptedException {
        String deployment = api.post("/services/" + service + "/deployments", Map.of("trigger", "manual"))
                .path("id")
                .asString();
        return follow(deployment);
    }

    /** Prints states and build log as they come, until the deployment has ended. */
    private JsonNode follow(String deployment) throws IOException, InterruptedException {
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

    private void show(String url, String expected) throws IOException, InterruptedException {
        HttpResponse<String> answer = browser.get(url);
        say("GET " + url + " → " + answer.statusCode());
        if (answer.statusCode() != 200 || !answer.body().contains(expected)) {
            throw new IOException(url + " does not show '" + expected + "' but: " + answer.body());
        }
        say("  it shows: " + expected);
    }

    private void audit(JsonNode entry) {
        say("%s  %-12s %-28s %s"
                .formatted(
                        entry.path("created_at").asString(),
                        entry.path("resource").asString(),
                        entry.path("action").asString(),
                        entry.path("user_email").asString("")));
    }

    private void title(String text) {
        out.println();
        out.println("▸ " + text);
        out.flush();
    }

    private void say(String text) {
        out.println("  " + text);
        out.flush();
    }
}
