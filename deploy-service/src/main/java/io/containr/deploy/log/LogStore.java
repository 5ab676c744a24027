package io.containr.deploy.log;

import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.log.LogLines.Line;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lines of builds and applications. Stored in the order they come; a line that comes twice is stored once. Lines of a service
 * that is not known here, or no more, are dropped.
 */
@Repository
public class LogStore implements MessageSubscription.Part {

    /** How many lines a log shown as one text has at most: the last ones. */
    static final int TEXT_LINES = 5_000;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final LogSignal signal;
    private final LogRetention retention;

    LogStore(JdbcClient jdbc, Clock clock, LogSignal signal, LogRetention retention) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.signal = signal;
        this.retention = retention;
    }

    /** Which lines of a deployment. */
    public enum Part {
        BUILD,
        RUNTIME
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription.on(LogLines.class, (lines, meta) -> store(lines));
    }

    private void store(LogLines message) {
        UUID source = source(message);
        boolean runtime = message.instance() != null;
        if (source == null || message.lines().isEmpty() || (!runtime && message.deployment() == null)) {
            return;
        }
        boolean known = jdbc.sql("select 1 from rollout where service_id = :service for key share")
                .param("service", message.service().value())
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!known) {
            return;
        }
        insert(message, source, runtime);
        retention.touched(message.service());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.raise(message.service());
            }
        });
    }

    private static @Nullable UUID source(LogLines message) {
        if (message.instance() != null) {
            return message.instance().value();
        }
        return message.build() == null ? null : message.build().value();
    }

    private void insert(LogLines message, UUID source, boolean runtime) {
        List<Line> lines = message.lines();
        jdbc.sql("""
                insert into log_line (service_id, deployment_id, source, seq, runtime, logged_at, stored_at, stream, text)
                select :service, :deployment, :source, seq, :runtime, logged_at, :now, stream, text
                from unnest(:seqs, :times, :streams, :texts) as line (seq, logged_at, stream, text)
                order by seq
                on conflict (source, seq) do nothing""")
                .param("service", message.service().value())
                .param(
                        "deployment",
                        message.deployment() == null
                                ? null
                                : message.deployment().value())
                .param("source", source)
                .param("runtime", runtime)
                .param("now", Timestamp.from(clock.instant()))
                .param("seqs", lines.stream().map(Line::seq).toArray(Long[]::new))
                .param(
                        "times",
                        lines.stream().map(line -> Timestamp.from(line.time())).toArray(Timestamp[]::new))
                .param("streams", lines.stream().map(Line::stream).toArray(String[]::new))
                .param(
                        "texts",
                        lines.stream()
                                .map(line -> line.text().replace("\0", ""))
                                .toArray(String[]::new))
                .update();
    }

    /** The last lines of a service's applications, in order. */
    public List<LogEntry> tail(ServiceId service, int lines) {
        return inOrder(jdbc.sql("""
                select id, logged_at, stream, text from log_line
                where service_id = :service and runtime order by id desc limit :lines""")
                .param("service", service.value())
                .param("lines", lines)
                .query(LogStore::entry)
                .list());
    }

    /** What the service's applications wrote after that line, in order. */
    public List<LogEntry> after(ServiceId service, long id, int limit) {
        return jdbc.sql("""
                select id, logged_at, stream, text from log_line
                where service_id = :service and runtime and id > :id order by id limit :limit""")
                .param("service", service.value())
                .param("id", id)
                .param("limit", limit)
                .query(LogStore::entry)
                .list();
    }

    /** The last lines of a part of a deployment, in order. */
    public List<LogEntry> of(DeploymentId deployment, Part part, int lines) {
        return inOrder(jdbc.sql("""
                select id, logged_at, stream, text from log_line
                where deployment_id = :deployment and runtime = :runtime order by id desc limit :lines""")
                .param("deployment", deployment.value())
                .param("runtime", part == Part.RUNTIME)
                .param("lines", lines)
                .query(LogStore::entry)
                .list());
    }

    /** The last lines of an instance, in order. */
    public List<LogEntry> of(InstanceId instance, int lines) {
        return inOrder(jdbc.sql("""
                select id, logged_at, stream, text from log_line
                where source = :instance order by id desc limit :lines""")
                .param("instance", instance.value())
                .param("lines", lines)
                .query(LogStore::entry)
                .list());
    }

    /** The same as one text, each line ended by a line feed. */
    public String text(DeploymentId deployment, Part part) {
        return text(of(deployment, part, TEXT_LINES));
    }

    public static String text(List<LogEntry> entries) {
        return entries.stream().map(entry -> entry.text() + "\n").collect(Collectors.joining());
    }

    public void deleteAll(ServiceId service) {
        jdbc.sql("delete from log_line where service_id = :service")
                .param("service", service.value())
                .update();
    }

    private static LogEntry entry(ResultSet row, int index) throws SQLException {
        return new LogEntry(
                row.getLong("id"), Rows.instant(row, "logged_at"), row.getString("stream"), row.getString("text"));
    }

    private static List<LogEntry> inOrder(List<LogEntry> newestFirst) {
        Collections.reverse(newestFirst);
        return newestFirst;
    }
}
