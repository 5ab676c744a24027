package io.containr.database.engine;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** ClickHouse by its HTTP interface. Its user is written into its configuration at its start, so a password waits for the next one. */
final class ClickHouseEngine implements EngineClient {

    private static final String ANSWER = "1";
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final String SYNCED = "fsync_after_insert";
    private static final String TABLE =
            "create table if not exists " + Marks.NAME + " (id UInt32, value String) engine = MergeTree order by id";

    private final Timeout patience;

    ClickHouseEngine(Duration patience) {
        this.patience = Timeout.of(patience);
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

    /**
     * On the disk when it returns: a part that was just written is otherwise in the kernel's memory alone for a while. Engines before
     * 20.10 cannot be asked for that.
     */
    @Override
    public String mark(Target target, String token) throws EngineException {
        String insert = Marks.insert(token);
        Answer made = send(target, TABLE + " settings " + SYNCED + " = 1, fsync_part_directory = 1");
        if (!made.isFine() && made.body().contains(SYNCED)) {
            made = send(target, TABLE);
        }
        made.checked();
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
        return send(target, query).checked();
    }

    private Answer send(Target target, String query) throws EngineException {
        URI uri = URI.create("%s://%s:%d/?database=%s"
                .formatted(
                        target.authority() == null ? "http" : "https",
                        target.host(),
                        target.port(),
                        URLEncoder.encode(target.database(), StandardCharsets.UTF_8)));
        HttpPost request = new HttpPost(uri);
        request.setHeader("X-ClickHouse-User", target.user());
        request.setHeader("X-ClickHouse-Key", target.password());
        request.setEntity(new StringEntity(query, StandardCharsets.UTF_8));
        try (CloseableHttpClient client = client(target)) {
            return client.execute(
                    request,
                    response ->
                            new Answer(response.getCode(), EntityUtils.toString(response.getEntity(), LONGEST_ANSWER)));
        } catch (IOException e) {
            throw new EngineException("It does not answer: " + e.getClass().getSimpleName(), e);
        }
    }

    private CloseableHttpClient client(Target target) {
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(patience)
                        .setSocketTimeout(patience)
                        .build());
        if (target.authority() != null) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(
                    Trust.only(target.authority()), HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE));
        }
        return HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(patience).build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .build();
    }

    private record Answer(int status, String body) {

        boolean isFine() {
            return status == 200;
        }

        String checked() throws EngineException {
            if (!isFine()) {
                throw new EngineException("It refused a query with status " + status);
            }
            return body.strip();
        }
    }
}
