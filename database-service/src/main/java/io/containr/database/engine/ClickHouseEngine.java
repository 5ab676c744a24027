package io.containr.database.engine;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ClickHouse by its HTTP interface. Its user is written into its configuration at its start, so a password waits for the next one. */
final class ClickHouseEngine implements EngineClient {

    private static final String ANSWER = "1";

    private final HttpClient client;
    private final Duration patience;

    ClickHouseEngine(Duration patience) {
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .connectTimeout(patience)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public void query(Target target) throws EngineException {
        if (!ask(target, "select 1").equals(ANSWER)) {
            throw new EngineException("It answered a query with something else");
        }
    }

    @Override
    public Figures figures(Target target) throws EngineException {
        Long connections = number(ask(
                target,
                "select sum(value) from system.metrics where metric in "
                        + "('TCPConnection', 'HTTPConnection', 'MySQLConnection', 'PostgreSQLConnection')"));
        return new Figures(
                connections == null ? null : Math.toIntExact(Math.max(0, connections - 1)),
                number(ask(target, "select sum(bytes_on_disk) from system.parts")));
    }

    /** On the disk when it returns: a part that was just written is otherwise in the kernel's memory alone for a while. */
    @Override
    public String mark(Target target, String token) throws EngineException {
        String insert = Marks.insert(token);
        ask(
                target,
                "create table if not exists " + Marks.NAME + " (id UInt32, value String) engine = MergeTree order by id"
                        + " settings fsync_after_insert = 1, fsync_part_directory = 1");
        ask(target, "truncate table " + Marks.NAME);
        ask(target, insert);
        return Marks.checksum(Marks.rows(token));
    }

    @Override
    public String readMark(Target target) throws EngineException {
        SortedMap<Integer, String> rows = new TreeMap<>();
        String told = ask(target, "select id, value from " + Marks.NAME + " format TabSeparated");
        for (String line : told.lines().toList()) {
            String[] columns = line.split("\t");
            Long id = number(columns[0]);
            if (columns.length != 2 || id == null) {
                throw new EngineException("It answered a query with something else");
            }
            rows.put(Math.toIntExact(id), columns[1]);
        }
        return Marks.checksum(rows);
    }

    private static @Nullable Long number(String answer) {
        return answer.matches("[0-9]{1,18}") ? Long.valueOf(answer) : null;
    }

    private String ask(Target target, String query) throws EngineException {
        URI uri = URI.create("http://%s:%d/?database=%s"
                .formatted(target.host(), target.port(), URLEncoder.encode(target.database(), StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(patience)
                .header("X-ClickHouse-User", target.user())
                .header("X-ClickHouse-Key", target.password())
                .POST(HttpRequest.BodyPublishers.ofString(query))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new EngineException("It refused a query with status " + response.statusCode());
            }
            return response.body().strip();
        } catch (IOException e) {
            throw new EngineException("It does not answer: " + e.getClass().getSimpleName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("Asking it was interrupted", e);
        }
    }
}
