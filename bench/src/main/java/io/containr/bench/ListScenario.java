package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Pages of long lists, at the services themselves: early ones and late ones. */
final class ListScenario implements Scenario {

    private static final int REQUESTS = 200;

    private final HttpClient client = new Browser().client();

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public String title() {
        return "Long lists";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        ApiClient api = new ApiClient(world.installation().gateway());
        api.loginOrRegister("owner-of-much@example.com", "correct-horse-battery", "Owner");
        String owner = api.get("/user/profile").path("id").asString();
        if (!owner.matches("[0-9a-f-]{36}")) {
            throw new IllegalStateException("not a user's id: " + owner);
        }
        try (SampleRepository repository = world.repository(Map.of())) {
            // One true build, which the rows are copies of.
            world.deployed(api, world.deploy(api, world.service(api, repository)));
        }
        world.say("writing rows");
        fill(world, owner);
        Table table = report.table(
                "Pages of 100 at the service, one connection, all rows visible to the one who asks",
                "list",
                "rows",
                "page",
                "p50 ms",
                "p99 ms");
        pages(world, api, report, table, "project-service", "/projects", 10_000);
        pages(world, api, report, table, "build-service", "/builds", 100_000);
        pages(world, api, report, table, "audit-service", "/audit-logs", 1_000_000);
    }

    private void pages(World world, ApiClient api, Report report, Table table, String service, String path, int rows)
            throws IOException, InterruptedException {
        int last = rows / 100;
        double slowest = 0;
        for (int page : new int[] {1, last / 2, last}) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            world.installation().uri(service) + "/api/v1" + path + "?limit=100&page=" + page))
                    .header("Authorization", "Bearer " + api.token())
                    .build();
            Times times = new Times();
            for (int i = 0; i < REQUESTS + REQUESTS / 4; i++) {
                long start = System.nanoTime();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200 || answer.body().length() < 10_000) {
                    throw new IOException(request.uri() + " answered " + answer.statusCode() + " " + answer.body());
                }
                // The first ones warm up.
                if (i >= REQUESTS / 4) {
                    times.add(System.nanoTime() - start);
                }
            }
            table.row(path, rows, page, times.median(), times.p99());
            slowest = Math.max(slowest, times.p99());
        }
        report.atMost("page of " + path + " among " + "%,d".formatted(rows) + ", slowest p99", slowest, 50, "ms");
    }

    /** The audit entries carry no true hashes: this installation's chain is not one to be verified afterwards. */
    private static void fill(World world, String owner) throws IOException, SQLException {
        sql(world, "project-service", """
                insert into project (id, owner_id, name, description, created_at, updated_at)
                select gen_random_uuid(), '%s', 'project-' || n, 'Number ' || n,
                       now() - n * interval '1 minute', now() - n * interval '1 minute'
                from generate_series(1, 10000) n
                """.formatted(owner), "vacuum analyze project");
        sql(world, "build-service", """
                insert into build (id, service_id, project_id, owner_id, status, request, image_name, image_tag, created_at,
                                   started_at, completed_at, image, source_commit, origin)
                select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '%s', 'SUCCESS',
                       (select request from build where status = 'SUCCESS' limit 1),
                       'app', 'latest', now() - n * interval '1 minute', now() - n * interval '1 minute',
                       now() - n * interval '1 minute' + interval '20 seconds',
                       (select image from build where status = 'SUCCESS' limit 1),
                       (select source_commit from build where status = 'SUCCESS' limit 1),
                       (select origin from build where status = 'SUCCESS' limit 1)
                from generate_series(1, 100000) n
                """.formatted(owner), "vacuum analyze build");
        sql(
                world,
                "audit-service",
                """
                insert into audit_entry (seq, id, type, occurred_at, recorded_at, user_id, user_email, resource, resource_id,
                                         action, details, ip_address, user_agent, hash)
                select (select seq from audit_head) + n, gen_random_uuid(), 'containr.project.project-updated',
                       now(), now(), '%s', 'owner-of-much@example.com', 'project', 'p' || n %% 1000, 'updated',
                       '{"name":"project-' || n || '"}', '127.0.0.1', 'bench', '\\x00'
                from generate_series(1, 1000000) n
                """.formatted(owner),
                """
                insert into audit_view (user_id, seq, resource, resource_id, action, place)
                select '%1$s', seq, resource, resource_id, action,
                       (select coalesce(max(place), 0) from audit_view where user_id = '%1$s')
                           + row_number() over (order by seq)
                from audit_entry where user_agent = 'bench'
                """.formatted(owner),
                "update audit_head set seq = (select max(seq) from audit_entry)",
                "vacuum analyze audit_entry",
                "vacuum analyze audit_view");
    }

    private static void sql(World world, String service, String... statements) throws IOException, SQLException {
        try (Connection connection =
                        DriverManager.getConnection(world.installation().jdbcUrl(service));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
