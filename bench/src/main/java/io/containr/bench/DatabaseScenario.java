package io.containr.bench;

import com.github.dockerjava.api.DockerClient;
import io.containr.bench.Report.Table;
import io.containr.local.Ports;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.EngineImage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jgit.util.FileUtils;
import tools.jackson.databind.JsonNode;

/**
 * A PostgreSQL from the request to the first query, beside the engine's own start and initdb; then a backup of 1 GB that does not
 * compress and the way back to it, beside tar and zstd on the same disk: the way back by hand is zstd and tar into a folder and the same
 * image started on it, to the first query that it answers.
 */
final class DatabaseScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    /** At what keeps both processors busy for long: more looks would take from what is measured. */
    private static final Duration RARE_LOOK = Duration.ofMillis(200);

    private static final String NAME =
            "containr-bench-postgresql-" + ProcessHandle.current().pid();
    private static final String DATA = "/var/lib/postgresql/data";
    private static final int ROWS = 1_000_000;
    private static final int ROUNDS = 3;

    @Override
    public String name() {
        return "database";
    }

    @Override
    public String title() {
        return "Databases";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        world.restart("--local-postgresql");
        try {
            String version = world.installation().offerLocalPostgresql();
            ApiClient api = world.user();
            creation(world, api, version, report);
            bulk(world, api, version, report);
        } finally {
            world.restart();
        }
    }

    private static void creation(World world, ApiClient api, String version, Report report) throws Exception {
        Times created = new Times();
        Times alone = new Times();
        for (int i = 0; i <= world.repetitions(); i++) {
            long start = System.nanoTime();
            String id = create(api, version);
            answering(api, id);
            long took = System.nanoTime() - start;
            remove(world, api, id);
            long bare = bare(world);
            // The first one warms up: the engine's image is prepared for it.
            if (i > 0) {
                created.add(took);
                alone.add(bare);
            }
        }
        Table table = report.table("PostgreSQL, to the first query that it answers", "what", "n", "median s", "p95 s");
        table.row("by the API", created.count(), created.median() / 1e3, created.p95() / 1e3);
        table.row("container and initdb alone", alone.count(), alone.median() / 1e3, alone.p95() / 1e3);
        report.atMost("PostgreSQL's creation beyond its own start", (created.median() - alone.median()) / 1e3, 8, "s");
    }

    private static void bulk(World world, ApiClient api, String version, Report report) throws Exception {
        String id = create(api, version);
        JsonNode running = answering(api, id);
        world.say("writing 1 GB");
        long bytes;
        try (Connection connection = connect(running);
                Statement statement = connection.createStatement()) {
            statement.execute("create extension pgcrypto");
            statement.execute("create table bulk as select n, gen_random_bytes(1000) as bytes from generate_series(1, "
                    + ROWS + ") n");
            statement.execute("checkpoint");
            bytes = number(statement, "select pg_database_size(current_database())");
        }
        Times backups = new Times();
        Times restores = new Times();
        Times packing = new Times();
        Times unpacking = new Times();
        Times byHand = new Times();
        Path directory = Files.createTempDirectory(world.installation().home(), "raw-");
        for (int i = 0; i < ROUNDS; i++) {
            Path archive = directory.resolve("volume.tar.zst");
            Path volume = volume(world);
            packing.measure(
                    () -> tar("--use-compress-program=zstd", "-cf", archive.toString(), "-C", volume.toString(), "."));
            Path target = Files.createDirectory(directory.resolve("restored"));
            long start = System.nanoTime();
            tar("--use-compress-program=zstd", "-xf", archive.toString(), "-C", target.toString());
            long unpacked = System.nanoTime() - start;
            unpacking.add(unpacked);
            byHand.add(unpacked + startedOn(world, target, running));
            FileUtils.delete(target.toFile(), FileUtils.RECURSIVE);
            Files.delete(archive);
            String backup = backups.measure(() -> backedUp(api, id));
            awaitRead(api, id);
            restores.measure(() -> restored(api, id, backup));
        }
        FileUtils.delete(directory.toFile(), FileUtils.RECURSIVE);
        remove(world, api, id);
        Table table = report.table(
                "A database of %.2f GB that does not compress".formatted(bytes / 1e9),
                "what",
                "n",
                "median s",
                "max s");
        row(table, "backup", backups);
        row(table, "tar and zstd of the volume", packing);
        row(table, "going back, to the first query", restores);
        row(table, "zstd and tar into a folder, PostgreSQL started on it, to the first query", byHand);
        row(table, "of that zstd and tar", unpacking);
        report.atMost("backup against the raw tool", backups.median() / packing.median(), 1.3, "×");
        report.atMost("going back against the raw tool", restores.median() / byHand.median(), 1.3, "×");
    }

    private static void row(Table table, String what, Times times) {
        table.row(what, times.count(), times.median() / 1e3, times.max() / 1e3);
    }

    private static String create(ApiClient api, String version) throws IOException, InterruptedException {
        return api.post(
                        "/databases",
                        Map.of(
                                "name", "bench " + Long.toString(System.nanoTime(), 36),
                                "type", "postgresql",
                                "version", version,
                                "plan", "hobby",
                                "region", "eu"))
                .path("id")
                .asString();
    }

    private static JsonNode answering(ApiClient api, String id) {
        return answering(api, id, LOOK, shown -> true);
    }

    /** Once it answers a query and is shown like that. */
    private static JsonNode answering(ApiClient api, String id, Duration look, Predicate<JsonNode> wanted) {
        return World.within(PATIENCE, look)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(
                        () -> {
                            JsonNode shown = api.get("/databases/" + id);
                            return wanted.test(shown) && answers(shown)
                                    ? Optional.of(shown)
                                    : Optional.<JsonNode>empty();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private static boolean answers(JsonNode database) throws SQLException {
        if (!database.has("connection_url")
                || !database.path("status").asString().equals("running")) {
            return false;
        }
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            return number(statement, "select 1") == 1;
        }
    }

    /** Returns the backup's id once it is completed. */
    private static String backedUp(ApiClient api, String id) throws IOException, InterruptedException {
        String backup =
                api.post("/databases/" + id + "/backup", null).path("backup_id").asString();
        JsonNode newest = World.within(PATIENCE, RARE_LOOK)
                .until(
                        () -> api.get("/databases/" + id).at("/backups/backups/0"),
                        shown -> !shown.path("status").asString().equals("in_progress"));
        if (!newest.path("status").asString().equals("completed")) {
            throw new IOException("the backup failed: " + newest);
        }
        return backup;
    }

    /** After a backup its archive is read for its checksum, which takes a processor; nobody goes back in that second but this benchmark. */
    private static void awaitRead(ApiClient api, String id) {
        World.within(PATIENCE, RARE_LOOK)
                .until(() -> api.get("/databases/" + id).at("/backups/backups/0"), shown -> shown.has("checksum"));
    }

    private static JsonNode restored(ApiClient api, String id, String backup) throws IOException, InterruptedException {
        String before = host(api.get("/databases/" + id));
        api.send("POST", "/databases/" + id + "/restore", Map.of("backup_id", backup))
                .expect(200);
        return answering(api, id, RARE_LOOK, shown -> !host(shown).equals(before));
    }

    private static String host(JsonNode database) {
        return String.valueOf(
                URI.create(database.path("connection_url").asString("")).getHost());
    }

    private static void remove(World world, ApiClient api, String id) throws IOException, InterruptedException {
        int others = world.installation().guests().size() - 1;
        api.send("DELETE", "/databases/" + id, null).expect(200);
        world.awaitGuests(others);
    }

    /** The same image with the same variables, without a platform. */
    private static long bare(World world) throws Exception {
        return started(
                world,
                new Login("bench", "bench", "/bench"),
                "--env",
                "POSTGRES_USER=bench",
                "--env",
                "POSTGRES_PASSWORD=bench",
                "--env",
                "POSTGRES_DB=bench");
    }

    /** The same image on data that were unpacked by hand. */
    private static long startedOn(World world, Path data, JsonNode database) throws Exception {
        return started(world, Login.of(url(database)), "--volume", data + ":" + DATA);
    }

    private static long started(World world, Login login, String... options) throws Exception {
        String image;
        try (DockerClient docker = world.installation().docker()) {
            image = EngineImage.POSTGRESQL.make(docker);
        }
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of("run", "--detach", "--name", NAME));
        command.addAll(List.of("--publish", "127.0.0.1:" + port + ":5432", "--env", "PGDATA=" + DATA + "/pgdata"));
        command.addAll(List.of(options));
        command.add(image);
        long start = System.nanoTime();
        Yardstick.docker(false, command.toArray(String[]::new));
        try {
            World.within(PATIENCE, LOOK)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> {
                        try (Connection connection = login.connect("127.0.0.1", port);
                                Statement statement = connection.createStatement()) {
                            return number(statement, "select 1") == 1;
                        }
                    });
            return System.nanoTime() - start;
        } finally {
            Yardstick.docker(false, "rm", "--force", "--volumes", NAME);
        }
    }

    /** Where the volume of the one database lies on this machine. */
    private static Path volume(World world) throws IOException {
        try (DockerClient docker = world.installation().docker()) {
            return world.installation().guests().stream()
                    .flatMap(guest -> docker.inspectContainerCmd(guest).exec().getMounts().stream())
                    .filter(mount -> mount.getDestination() != null
                            && DATA.equals(mount.getDestination().getPath()))
                    .map(mount -> Path.of(String.valueOf(mount.getSource())))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no guest has a volume at " + DATA));
        }
    }

    private static URI url(JsonNode database) {
        return URI.create(database.path("connection_url").asString());
    }

    private static Connection connect(JsonNode database) throws SQLException {
        URI url = url(database);
        return Login.of(url).connect(url.getHost(), url.getPort());
    }

    /** @param path of the database, with its slash */
    private record Login(String user, String password, String path) {

        static Login of(URI url) {
            String[] login = url.getUserInfo().split(":");
            return new Login(login[0], login[1], url.getPath());
        }

        Connection connect(String host, int port) throws SQLException {
            return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + path, user, password);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A file that changes while it is read is none of tar's errors here: the engine runs. */
    private static int tar(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/tar");
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status > 1) {
            throw new IOException(String.join(" ", builder.command()) + ":\n" + output);
        }
        return status;
    }
}
