package io.containr.audit.log;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of the chain: entries and their head. */
@Repository
class Entries {

    private static final int FETCHED_AT_ONCE = 1000;
    private static final String COLUMNS = "seq, id, type, occurred_at, recorded_at, user_id, user_email, resource,"
            + " resource_id, action, project_id, details, ip_address, user_agent, hash";

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    Entries(JdbcTemplate template, JdbcClient jdbc) {
        this.template = template;
        this.jdbc = jdbc;
    }

    /** The end of the chain, which nobody else moves until the end of the transaction. */
    Head lockHead() {
        return head(" for update");
    }

    Head head() {
        return head("");
    }

    private Head head(String lock) {
        return jdbc.sql("select seq, hash from audit_head" + lock)
                .query((rs, row) -> new Head(rs.getLong("seq"), rs.getBytes("hash")))
                .single();
    }

    void moveHead(Head head) {
        jdbc.sql("update audit_head set seq = :seq, hash = :hash")
                .param("seq", head.seq())
                .param("hash", head.hash())
                .update();
    }

    /** Which of these messages have an entry. */
    Set<UUID> known(Collection<UUID> ids) {
        return new HashSet<>(jdbc.sql("select id from audit_entry where id in (:ids)")
                .param("ids", ids)
                .query(UUID.class)
                .list());
    }

    void insert(List<Linked> entries) {
        template.batchUpdate(
                "insert into audit_entry (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                entries,
                entries.size(),
                Entries::bind);
    }

    private static void bind(PreparedStatement statement, Linked linked) throws SQLException {
        Entry entry = linked.entry();
        Fact fact = entry.fact();
        int column = 0;
        statement.setLong(++column, entry.seq());
        statement.setObject(++column, fact.id());
        statement.setString(++column, fact.type());
        statement.setTimestamp(++column, Timestamp.from(fact.occurredAt()));
        statement.setTimestamp(++column, Timestamp.from(entry.recordedAt()));
        statement.setString(++column, fact.userId());
        statement.setString(++column, fact.userEmail());
        statement.setString(++column, fact.resource());
        statement.setString(++column, fact.resourceId());
        statement.setString(++column, fact.action());
        statement.setObject(++column, fact.projectId());
        statement.setString(++column, fact.details());
        statement.setString(++column, fact.ipAddress());
        statement.setString(++column, fact.userAgent());
        statement.setBytes(++column, linked.hash());
    }

    /** Hands over the whole chain from its start, a part at a time. */
    void forEach(EntryVisitor visitor) {
        jdbc.sql("select " + COLUMNS + " from audit_entry order by seq")
                .withFetchSize(FETCHED_AT_ONCE)
                .query(rs -> {
                    visitor.visit(new Linked(entry(rs), rs.getBytes("hash")));
                });
    }

    /**
     * What a user may see, newest first. Where nothing narrows it down, a page is found by its place, at the same cost wherever it is;
     * else what comes before it is walked over, in an index alone.
     */
    List<Entry> visible(UUID user, Filter filter, int limit, long offset) {
        return jdbc.sql("select e.* from (" + (filter.isEmpty() ? placed() : walked(filter)) + ") v"
                        + " join audit_entry e on e.seq = v.seq order by e.seq desc")
                .param("user", user)
                .param("resource", filter.resource())
                .param("resource_id", filter.resourceId())
                .param("action", filter.action())
                .param("limit", limit)
                .param("offset", offset)
                .query((rs, row) -> entry(rs))
                .list();
    }

    private static String placed() {
        return "select seq from audit_view where user_id = :user"
                + " and place <= (select max(place) from audit_view where user_id = :user) - :offset"
                + " order by place desc limit :limit";
    }

    private static String walked(Filter filter) {
        return "select seq from audit_view where user_id = :user"
                + (filter.resource() == null ? "" : " and resource = :resource")
                + (filter.resourceId() == null ? "" : " and resource_id = :resource_id")
                + (filter.action() == null ? "" : " and action = :action")
                + " order by seq desc limit :limit offset :offset";
    }

    private static Entry entry(ResultSet rs) throws SQLException {
        Fact fact = new Fact(
                rs.getObject("id", UUID.class),
                rs.getString("type"),
                rs.getTimestamp("occurred_at").toInstant(),
                rs.getString("user_id"),
                rs.getString("user_email"),
                rs.getString("resource"),
                rs.getString("resource_id"),
                rs.getString("action"),
                rs.getObject("project_id", UUID.class),
                null,
                rs.getString("details"),
                rs.getString("ip_address"),
                rs.getString("user_agent"));
        return new Entry(rs.getLong("seq"), fact, rs.getTimestamp("recorded_at").toInstant());
    }

    /** The last link of the chain; before the first entry seq is 0 and the hash all zeros. */
    record Head(long seq, byte[] hash) {}

    /** An entry with the hash that is stored for it. */
    record Linked(Entry entry, byte[] hash) {}

    /** Narrows down a list; null: no matter. */
    record Filter(
            @Nullable String resource,
            @Nullable String resourceId,
            @Nullable String action) {

        boolean isEmpty() {
            return resource == null && resourceId == null && action == null;
        }
    }

    /** Sees one entry after the other. */
    @FunctionalInterface
    interface EntryVisitor {
        void visit(Linked linked);
    }
}
