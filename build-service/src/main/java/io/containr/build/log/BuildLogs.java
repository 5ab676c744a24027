package io.containr.build.log;

import io.containr.contracts.ids.BuildId;
import io.containr.contracts.log.LogLines.Line;
import java.sql.Timestamp;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stored lines of builds. */
@Repository
public class BuildLogs {

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    BuildLogs(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Stores lines; those already stored stay as they are. */
    void store(BuildId build, List<Line> lines) {
        batches.batchUpdate(
                "insert into build_log (build_id, seq, logged_at, stream, text) values (?, ?, ?, ?, ?) on conflict do nothing",
                lines,
                lines.size(),
                (statement, line) -> {
                    statement.setObject(1, build.value());
                    statement.setLong(2, line.seq());
                    statement.setTimestamp(3, Timestamp.from(line.time()));
                    statement.setString(4, line.stream());
                    statement.setString(5, line.text());
                });
    }

    /** Lines after a sequence number, in order. */
    public List<Line> after(BuildId build, long seq, int limit) {
        return jdbc.sql("""
                select seq, logged_at, stream, text from build_log
                where build_id = :build and seq > :seq order by seq limit :limit""")
                .param("build", build.value())
                .param("seq", seq)
                .param("limit", limit)
                .query((rs, i) -> new Line(
                        rs.getLong("seq"),
                        rs.getTimestamp("logged_at").toInstant(),
                        rs.getString("stream"),
                        rs.getString("text")))
                .list();
    }

    /** The last lines, in order. */
    public List<Line> tail(BuildId build, int limit) {
        return after(build, lastSeq(build) - limit, limit);
    }

    /** The highest sequence number stored; 0 where there is none. */
    public long lastSeq(BuildId build) {
        return jdbc.sql("select coalesce(max(seq), 0) from build_log where build_id = :build")
                .param("build", build.value())
                .query(Long.class)
                .single();
    }
}
