package io.containr.agent.template;

import io.containr.agent.proxmox.Upid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of images on nodes. */
@Repository
class Templates {

    private static final String BY_KEY = " where node = :node and storage = :storage and digest = :digest";

    private final JdbcClient jdbc;
    private final Clock clock;

    Templates(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What is known of an image on a node. */
    enum State {
        /** Somebody fetches it; without a task, the call that begins it may be on its way. */
        PULLING,
        READY,
        /** Somebody removes it. */
        DELETING
    }

    record Key(String node, String storage, String digest) {}

    /** An image on a node, or on its way to or from it. */
    record Template(
            Key key, String volumeId, State state, @Nullable Upid task, Instant since) {}

    /**
     * @param template as it is now
     * @param created whether this use made it, so that it is the caller's to begin the pull
     */
    record Use(Template template, boolean created) {}

    /** The template, noted where there is none; using it keeps it from being cleared away. */
    Use use(Key key, String volumeId) {
        return byKey("""
                insert into template (node, storage, digest, volid, state, since, last_used)
                values (:node, :storage, :digest, :volid, 'PULLING', :now, :now)
                on conflict (node, storage, digest) do update set last_used = excluded.last_used
                returning *, (xmax = 0) as created""", key)
                .param("volid", volumeId)
                .param("now", now())
                .query((row, i) -> new Use(template(row), row.getBoolean("created")))
                .single();
    }

    /** Takes over a pull that was meant to begin then and of which nothing was heard since. */
    boolean takeOver(Template template) {
        return byKey(
                                "update template set since = :now" + BY_KEY
                                        + " and state = 'PULLING' and task_upid is null and since = :since",
                                template.key())
                        .param("now", now())
                        .param("since", Timestamp.from(template.since()))
                        .update()
                == 1;
    }

    void begun(Key key, Upid task) {
        byKey("update template set task_upid = :upid" + BY_KEY + " and state = 'PULLING'", key)
                .param("upid", task.value())
                .update();
    }

    void ready(Key key) {
        byKey("update template set state = 'READY', task_upid = null" + BY_KEY, key)
                .update();
    }

    /** Whether it was this caller who noted that the pull has ended well: many follow the same task. */
    boolean ready(Key key, Upid task) {
        return byKey("update template set state = 'READY', task_upid = null" + BY_KEY + " and task_upid = :upid", key)
                        .param("upid", task.value())
                        .update()
                == 1;
    }

    void forget(Key key) {
        byKey("delete from template" + BY_KEY, key).update();
    }

    /** Forgets a pull that failed, unless somebody did before, or began another one meanwhile. */
    boolean forget(Key key, Upid task) {
        return byKey("delete from template" + BY_KEY + " and task_upid = :upid", key)
                        .param("upid", task.value())
                        .update()
                == 1;
    }

    /** Those that nobody used for a while and nobody may want back, marked for deletion; and those marked before. */
    List<Template> takeUnused(Instant unusedSince) {
        return jdbc.sql("""
                update template set state = 'DELETING'
                where state = 'DELETING'
                   or (state = 'READY' and last_used < :before
                       and not exists (select 1 from retained_images where template.digest = any (digests))
                       and not exists (select 1 from instance
                                       where phase <> 'REMOVED' and spec::jsonb -> 'image' ->> 'digest' = template.digest))
                returning *""")
                .param("before", Timestamp.from(unusedSince))
                .query((row, i) -> template(row))
                .list();
    }

    private JdbcClient.StatementSpec byKey(String sql, Key key) {
        return jdbc.sql(sql)
                .param("node", key.node())
                .param("storage", key.storage())
                .param("digest", key.digest());
    }

    private static Template template(ResultSet row) throws SQLException {
        String upid = row.getString("task_upid");
        return new Template(
                new Key(row.getString("node"), row.getString("storage"), row.getString("digest")),
                row.getString("volid"),
                State.valueOf(row.getString("state")),
                upid == null ? null : new Upid(upid),
                row.getTimestamp("since").toInstant());
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }
}
