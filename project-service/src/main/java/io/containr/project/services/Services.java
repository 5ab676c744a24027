package io.containr.project.services;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.project.git.GitProviderId;
import io.containr.project.variables.Variable;
import io.containr.runtime.messaging.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of services. */
@Repository
class Services {

    private static final String SELECT = """
            select service.*, project.owner_id, project.name as project_name
            from service join project on project.id = service.project_id
            """;

    private final JdbcClient jdbc;
    private final MessageCodec codec;

    Services(JdbcClient jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.codec = codec;
    }

    Optional<Service> find(ServiceId id) {
        return jdbc.sql(SELECT + " where service.id = :id")
                .param("id", id.value())
                .query(this::service)
                .optional();
    }

    /**
     * The service, which nobody else changes until the end of the transaction. Read after the lock is held, so that the
     * project's name is as fresh as the service.
     */
    Optional<Service> lock(ServiceId id) {
        return jdbc.sql("select id from service where id = :id for update")
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .flatMap(locked -> find(id));
    }

    /** All services of a project, oldest first. */
    List<Service> of(ProjectId project) {
        return jdbc.sql(SELECT + " where service.project_id = :project order by service.created_at, service.id")
                .param("project", project.value())
                .query(this::service)
                .list();
    }

    /** All services of a project, which nobody else changes until the end of the transaction. */
    List<Service> lockAllOf(ProjectId project) {
        jdbc.sql("select id from service where project_id = :project order by id for update")
                .param("project", project.value())
                .query(UUID.class)
                .list();
        return of(project);
    }

    /** All services that are fetched with a provider's token, which nobody else changes until the end of the transaction. */
    List<Service> lockAllWith(GitProviderId provider) {
        return jdbc
                .sql("select id from service where definition ->> 'gitProvider' = :provider order by id for update")
                .param("provider", provider.toString())
                .query(UUID.class)
                .list()
                .stream()
                .flatMap(id -> find(new ServiceId(id)).stream())
                .toList();
    }

    int countOf(ProjectId project) {
        return jdbc.sql("select count(*) from service where project_id = :project")
                .param("project", project.value())
                .query(Integer.class)
                .single();
    }

    /** @throws org.springframework.dao.DuplicateKeyException if the project has one of that name */
    void insert(Service service) {
        jdbc.sql("""
                insert into service (id, project_id, definition, environment, variables, wanted, restarts, revision,
                                     git_credential, deploys_pushes, status, url, created_at, updated_at)
                values (:id, :project, :definition::jsonb, :environment::jsonb, :variables::jsonb, :wanted, :restarts,
                        :revision, :credential::jsonb, :pushes, :status, :url, :created, :updated)""")
                .param("id", service.id().value())
                .param("project", service.project().id().value())
                .params(changeable(service))
                .param("credential", credential(service))
                .param("status", service.status().name())
                .param("url", service.url())
                .param("created", Timestamp.from(service.createdAt()))
                .update();
    }

    /** @throws org.springframework.dao.DuplicateKeyException if the project has another one of that name */
    void update(Service service) {
        jdbc.sql("""
                update service set definition = :definition::jsonb, environment = :environment::jsonb,
                    variables = :variables::jsonb, wanted = :wanted, restarts = :restarts, revision = :revision,
                    updated_at = :updated, git_credential = :credential::jsonb,
                    deploys_pushes = :pushes
                where id = :id""")
                .param("id", service.id().value())
                .params(changeable(service))
                .param("credential", credential(service))
                .update();
    }

    /** Without effect for a service that is gone. */
    void observe(ServiceId id, ServiceStatus status, @Nullable String url) {
        jdbc.sql("update service set status = :status, url = :url where id = :id")
                .param("id", id.value())
                .param("status", status.name())
                .param("url", url)
                .update();
    }

    void delete(ServiceId id) {
        jdbc.sql("delete from service where id = :id").param("id", id.value()).update();
    }

    private @Nullable String credential(Service service) {
        return service.gitCredential() == null ? null : json(service.gitCredential());
    }

    private Map<String, Object> changeable(Service service) {
        return Map.of(
                "definition", json(service.definition()),
                "environment", json(new Environment(service.environment())),
                "variables", json(new Variables(service.variables())),
                "wanted", service.wanted().name(),
                "restarts", service.restarts(),
                "revision", service.revision(),
                "pushes", service.deploysPushes(),
                "updated", Timestamp.from(service.updatedAt()));
    }

    private Service service(ResultSet rs, int row) throws SQLException {
        return new Service(
                new ServiceId(rs.getObject("id", UUID.class)),
                new Service.Parent(
                        new ProjectId(rs.getObject("project_id", UUID.class)),
                        new UserId(rs.getObject("owner_id", UUID.class)),
                        rs.getString("project_name")),
                read(rs, "definition", Definition.class),
                read(rs, "environment", Environment.class).byName(),
                read(rs, "variables", Variables.class).byName(),
                Wanted.valueOf(rs.getString("wanted")),
                rs.getLong("restarts"),
                rs.getLong("revision"),
                ServiceStatus.valueOf(rs.getString("status")),
                rs.getString("url"),
                rs.getString("git_credential") == null ? null : read(rs, "git_credential", GitCredential.class),
                rs.getBoolean("deploys_pushes"),
                rs.getTimestamp("created_at").toInstant(),
                rs.getTimestamp("updated_at").toInstant());
    }

    private String json(Object value) {
        return new String(codec.write(value), StandardCharsets.UTF_8);
    }

    private <T> T read(ResultSet rs, String column, Class<T> type) throws SQLException {
        return codec.read(rs.getString(column).getBytes(StandardCharsets.UTF_8), type);
    }

    private record Environment(Map<String, Sealed> byName) {}

    private record Variables(Map<String, Variable> byName) {}
}
