package io.containr.standalone.demo;

import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A managed PostgreSQL, an application that keeps its notes in it, a backup that is proven, a larger plan, and the way back after a mistake. */
public final class DatabaseDemo {

    private static final String DATABASE = "notebook";
    private static final String NOTE = "Water the plants";

    private final Walk walk;
    private final ApiClient api;
    private final SampleRepository repository;
    private final String baseImage;
    private final String version;

    /**
     * @param baseImage with psql, for the application
     * @param version of the catalogue's PostgreSQL
     */
    public DatabaseDemo(Walk walk, SampleRepository repository, String baseImage, String version) {
        this.walk = walk;
        this.api = walk.api();
        this.repository = repository;
        this.baseImage = baseImage;
        this.version = version;
    }

    /**
     * Runs it all.
     *
     * @return the application's URL
     * @throws IOException if a step does not end as it should, with what the platform says about it
     */
    public String run(String project) throws IOException, InterruptedException {
        walk.title("A database of the template PostgreSQL, version " + version);
        String path = "/databases/" + database(project);
        walk.until("running", path, DatabaseDemo::runs);

        walk.title("An application that keeps its notes in it: " + repository.url());
        String service = walk.service(project, "notes", repository, baseImage);
        api.send("PUT", "/services/" + service + "/variables", Map.of("DATABASE_URL", "${{notebook.DATABASE_URL}}"))
                .expect(200);
        walk.say("DATABASE_URL is ${{notebook.DATABASE_URL}}");
        String url = walk.deploy(service).path("url").asString();
        String notes = url + "/cgi-bin/notes";
        expect(walk.post(notes, NOTE), NOTE);

        walk.title("Back it up, and prove the backup by restoring it elsewhere");
        String backup =
                api.post(path + "/backup?verify=true", null).path("backup_id").asString();
        JsonNode taken = walk.until("completed", path, shown -> newest(shown, "status", "completed"));
        walk.say("backup " + backup + ", " + taken.at("/backups/backups/0/size").asString());
        JsonNode proven = walk.until(
                "proven", path, shown -> shown.at("/backups/backups/0").has("verified_at"));
        walk.say("its archive: "
                + proven.at("/backups/backups/0/checksum").asString("cannot be read from this machine, no checksum"));

        walk.title("Give it a larger plan while it runs");
        String place = host(api.get(path));
        walk.say(api.send("PUT", path, Map.of("plan", "starter"))
                .expect(200)
                .path("message")
                .asString());
        JsonNode grown = walk.until("grown", path, shown -> !shown.has("resize"));
        expect(grown.path("plan").asString() + " " + host(grown), "starter " + place);
        walk.show(notes, NOTE);

        walk.title("Lose everything, and go back");
        walk.post(url + "/cgi-bin/forget", "");
        String left = walk.post(notes, "After the mistake");
        expect(left, "After the mistake");
        walk.say("what is left: " + left);
        String before = host(api.get(path));
        api.send("POST", path + "/restore", Map.of("backup_id", backup)).expect(200);
        walk.until(
                "running with the data of then",
                path,
                shown -> runs(shown) && !host(shown).equals(before));
        walk.show(notes, NOTE);
        return url;
    }

    private String database(String project) throws IOException, InterruptedException {
        for (JsonNode known : api.get("/databases?type=postgresql&limit=100").path("databases")) {
            if (known.path("name").asString().equals(DATABASE)) {
                api.send("DELETE", "/databases/" + known.path("id").asString(), null)
                        .expect(200);
                walk.say("removed the database of an earlier demo");
            }
        }
        return api.post(
                        "/templates/postgresql/deploy",
                        Map.of(
                                "project_id",
                                project,
                                "name",
                                DATABASE,
                                "plan",
                                "hobby",
                                "variables",
                                Map.of("VERSION", version)))
                .path("database_id")
                .asString();
    }

    private static boolean runs(JsonNode database) {
        return database.path("status").asString().equals("running");
    }

    private static boolean newest(JsonNode database, String field, String value) {
        return database.at("/backups/backups/0/" + field).asString("").equals(value);
    }

    private static String host(JsonNode database) {
        String url = database.path("connection_url").asString("");
        return url.substring(url.indexOf('@') + 1);
    }

    private static void expect(String text, String wanted) throws IOException {
        if (!text.equals(wanted)) {
            throw new IOException("'" + wanted + "' was expected, and is: " + text);
        }
    }
}
