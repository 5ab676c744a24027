package io.containr.audit.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Who may see an entry: whoever did it, and the owner of the project it belongs to. Called by the one writer of the chain,
 * so that an owner who becomes known and entries of the project that come at the same moment cannot miss each other.
 */
@Repository
class Viewers {

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    Viewers(JdbcTemplate template, JdbcClient jdbc) {
        this.template = template;
        this.jdbc = jdbc;
    }

    /** Makes new entries visible, and older ones to owners that only now became known. */
    void add(List<Entry> entries) {
        List<Fact> facts = entries.stream().map(Entry::fact).toList();
        Map<UUID, UUID> learned = learnOwners(facts);
        Map<UUID, UUID> owners = owners(facts);
        List<Object[]> rows = new ArrayList<>();
        for (Entry entry : entries) {
            Fact fact = entry.fact();
            Set<UUID> viewers = new LinkedHashSet<>();
            uuid(fact.userId()).ifPresent(viewers::add);
            if (fact.projectId() != null && owners.get(fact.projectId()) instanceof UUID owner) {
                viewers.add(owner);
            }
            for (UUID viewer : viewers) {
                rows.add(new Object[] {viewer, entry.seq(), fact.resource(), fact.resourceId(), fact.action(), viewer});
            }
        }
        if (!rows.isEmpty()) {
            template.batchUpdate("""
                    insert into audit_view (user_id, seq, resource, resource_id, action, place)
                    select ?, ?, ?, ?, ?, coalesce(max(place), 0) + 1 from audit_view where user_id = ?
                    on conflict do nothing""", rows);
        }
        learned.forEach(this::showEarlier);
    }

    /** Owners by their projects that nobody had told of before. */
    private Map<UUID, UUID> learnOwners(List<Fact> facts) {
        Map<UUID, UUID> told = new HashMap<>();
        for (Fact fact : facts) {
            if (fact.projectId() != null && fact.projectOwner() != null) {
                told.putIfAbsent(fact.projectId(), fact.projectOwner());
            }
        }
        Map<UUID, UUID> learned = new HashMap<>();
        told.forEach((project, owner) -> {
            int added = jdbc.sql("insert into project_owner (project_id, owner_id) values (:project, :owner)"
                            + " on conflict do nothing")
                    .param("project", project)
                    .param("owner", owner)
                    .update();
            if (added == 1) {
                learned.put(project, owner);
            }
        });
        return learned;
    }

    /** Entries before the owner was known take their places between those that are there. */
    private void showEarlier(UUID project, UUID owner) {
        int shown =
                jdbc.sql("""
                insert into audit_view (user_id, seq, resource, resource_id, action, place)
                select :owner, seq, resource, resource_id, action, 0 from audit_entry where project_id = :project
                on conflict do nothing""").param("owner", owner).param("project", project).update();
        if (shown > 0) {
            jdbc.sql("""
                    with first as (select min(seq) as seq from audit_view where user_id = :owner and place = 0),
                    before as (select count(*) as places from audit_view, first
                               where user_id = :owner and audit_view.seq < first.seq),
                    counted as (select audit_view.seq, before.places + row_number() over (order by audit_view.seq) as place
                                from audit_view, first, before
                                where user_id = :owner and audit_view.seq >= first.seq)
                    update audit_view set place = counted.place from counted
                    where user_id = :owner and audit_view.seq = counted.seq""").param("owner", owner).update();
        }
    }

    private Map<UUID, UUID> owners(Collection<Fact> facts) {
        List<UUID> projects = facts.stream()
                .<UUID>mapMulti((fact, sink) -> {
                    if (fact.projectId() != null) {
                        sink.accept(fact.projectId());
                    }
                })
                .distinct()
                .toList();
        Map<UUID, UUID> owners = new HashMap<>();
        if (!projects.isEmpty()) {
            jdbc.sql("select project_id, owner_id from project_owner where project_id in (:projects)")
                    .param("projects", projects)
                    .query(rs -> {
                        owners.put(rs.getObject("project_id", UUID.class), rs.getObject("owner_id", UUID.class));
                    });
        }
        return owners;
    }

    private static Optional<UUID> uuid(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
