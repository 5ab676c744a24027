package io.containr.project.projects;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of projects. */
@Repository
class Projects {

    private static final String SELECT = """
            select id, owner_id, name, description, created_at, updated_at,
                   (select count(*) from service where project_id = project.id) as services_count
            from project
            """;

    private final JdbcClient jdbc;

    Projects(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Project> find(ProjectId id) {
        return jdbc.sql(SELECT + " where id = :id")
                .param("id", id.value())
                .query(Projects::project)
                .optional();
    }

    /** The project, which nobody else changes until the end of the transaction. */
    Optional<Project> lock(ProjectId id) {
        return jdbc.sql("select id from project where id = :id for update")
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .flatMap(locked -> find(id));
    }

    /** Newest first. Those before the offset are walked over in an index, and nothing else is read of them. */
    List<Project> ownedBy(UserId owner, @Nullable String search, int limit, long offset) {
        return jdbc.sql(SELECT + " where id in (select id from project" + fits(search)
                        + " order by created_at desc, id desc limit :limit offset :offset)"
                        + " order by created_at desc, id desc")
                .param("owner", owner.value())
                .param("pattern", pattern(search))
                .param("limit", limit)
                .param("offset", offset)
                .query(Projects::project)
                .list();
    }

    long countOwnedBy(UserId owner, @Nullable String search) {
        return jdbc.sql("select count(*) from project" + fits(search))
                .param("owner", owner.value())
                .param("pattern", pattern(search))
                .query(Long.class)
                .single();
    }

    /** Lets nobody else add a project for this owner until the end of the transaction, so that the count stays true. */
    void lockOwner(UserId owner) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:owner, 0))")
                .param("owner", "project-owner/" + owner)
                .query((rs, row) -> row)
                .list();
    }

    void insert(Project project) {
        jdbc.sql("""
                insert into project (id, owner_id, name, description, created_at, updated_at)
                values (:id, :owner, :name, :description, :created, :updated)""")
                .param("id", project.id().value())
                .param("owner", project.owner().value())
                .param("name", project.name())
                .param("description", project.description())
                .param("created", Timestamp.from(project.createdAt()))
                .param("updated", Timestamp.from(project.updatedAt()))
                .update();
    }

    void update(Project project) {
        jdbc.sql("update project set name = :name, description = :description, updated_at = :updated where id = :id")
                .param("id", project.id().value())
                .param("name", project.name())
                .param("description", project.description())
                .param("updated", Timestamp.from(project.updatedAt()))
                .update();
    }

    void delete(ProjectId id) {
        jdbc.sql("delete from project where id = :id").param("id", id.value()).update();
    }

    /** Only what is asked for, so that either is planned for itself. */
    private static String fits(@Nullable String search) {
        return " where owner_id = :owner"
                + (search == null ? "" : " and (name ilike :pattern or description ilike :pattern)");
    }

    private static @Nullable String pattern(@Nullable String search) {
        return search == null
                ? null
                : "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private static Project project(ResultSet rs, int row) throws SQLException {
        return new Project(
                new ProjectId(rs.getObject("id", UUID.class)),
                new UserId(rs.getObject("owner_id", UUID.class)),
                rs.getString("name"),
                rs.getString("description"),
                rs.getTimestamp("created_at").toInstant(),
                rs.getTimestamp("updated_at").toInstant(),
                rs.getInt("services_count"));
    }
}
