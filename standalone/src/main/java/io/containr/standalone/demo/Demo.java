package io.containr.standalone.demo;

import java.io.IOException;
import java.util.Map;
import org.eclipse.jgit.api.errors.GitAPIException;
import tools.jackson.databind.JsonNode;

/** The main job, as a user does it: deploy from Git, push a change, redeploy, roll back, look at the audit log. */
public final class Demo {

    private static final String PAGE = "www/index.html";

    private final Walk walk;
    private final ApiClient api;
    private final SampleRepository repository;
    private final String baseImage;

    public Demo(Walk walk, SampleRepository repository, String baseImage) {
        this.walk = walk;
        this.api = walk.api();
        this.repository = repository;
        this.baseImage = baseImage;
    }

    /** Logs in; returns the id of a project, made where there is none. */
    public String begin() throws IOException, InterruptedException {
        walk.title("A user, a project, a service");
        api.loginOrRegister("ada@example.com", "correct-horse-battery", "Ada");
        walk.say("logged in as ada@example.com");
        return project();
    }

    /**
     * Runs it all.
     *
     * @return the application's URL
     * @throws IOException if a step does not end as it should, with what the platform says about it
     */
    public String run(String project) throws IOException, InterruptedException, GitAPIException {
        String service = walk.service(project, "hello", repository, baseImage);

        walk.title("Deploy " + repository.url());
        JsonNode first = walk.deploy(service);
        String url = first.path("url").asString();
        walk.show(url, "Version 1");

        walk.title("Push a change and redeploy");
        String page = repository.read(PAGE);
        repository.change(PAGE, page.replace("Version 1", "Version 2"), "Say it is version 2");
        walk.deploy(service);
        walk.show(url, "Version 2");

        walk.title("Roll back to the first deployment");
        JsonNode rollback = api.post("/deployments/" + first.path("id").asString() + "/rollback", null);
        walk.follow(rollback.path("deployment").path("id").asString());
        walk.show(url, "Version 1");

        walk.title("What the application wrote");
        api.get("/services/" + service + "/logs?tail=5")
                .path("logs")
                .forEach(line -> walk.say(line.path("stream").asString() + " │ "
                        + line.path("message").asString()));
        return url;
    }

    /** What the audit log says of all that. */
    public void showAudit() throws IOException, InterruptedException {
        walk.title("The audit log");
        api.get("/audit-logs?limit=20").path("audit_logs").forEach(this::audit);
    }

    private String project() throws IOException, InterruptedException {
        for (JsonNode known : api.get("/projects?search=demo").path("projects")) {
            if (known.path("name").asString().equals("demo")) {
                walk.say("project demo " + known.path("id").asString() + " is there already");
                return known.path("id").asString();
            }
        }
        String id = api.post("/projects", Map.of("name", "demo", "description", "Made by containr demo"))
                .path("id")
                .asString();
        walk.say("project demo " + id);
        return id;
    }

    private void audit(JsonNode entry) {
        walk.say("%s  %-12s %-28s %s"
                .formatted(
                        entry.path("created_at").asString(),
                        entry.path("resource").asString(),
                        entry.path("action").asString(),
                        entry.path("user_email").asString("")));
    }
}
