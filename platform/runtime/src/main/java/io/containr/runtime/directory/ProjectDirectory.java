package io.containr.runtime.directory;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ProjectUpdated;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * What this service knows of projects and services, from project-service's events. It also holds the one rule of who may
 * do what: the owner of a project may do everything with what belongs to it, to everybody else it does not exist.
 */
public class ProjectDirectory implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final MessageCodec codec;
    private final ProjectOwner owner;

    ProjectDirectory(JdbcClient jdbc, MessageCodec codec, ProjectOwner owner) {
        this.jdbc = jdbc;
        this.codec = codec;
        this.owner = owner;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(ProjectCreated.class, (event, meta) -> project(event.project(), event.owner()))
                .on(ProjectUpdated.class, (event, meta) -> project(event.project(), event.owner()))
                .on(ProjectDeleted.class, (event, meta) -> projectDeleted(event.project(), event.owner()))
                .on(ServiceCreated.class, (event, meta) -> remember(event.spec()))
                .on(ServiceUpdated.class, (event, meta) -> remember(event.spec()))
                .on(ServiceDeleted.class, (event, meta) -> serviceDeleted(event));
    }

    /**
     * The service, if the actor may act on it; asked of its owner where its events are still on their way.
     *
     * @throws ApiException NOT_FOUND if there is none the actor may see
     */
    @Transactional
    public ServiceSpec service(ServiceId id, Actor actor) {
        Optional<ServiceSpec> known = find(id);
        if (known.isEmpty() && !isDeleted(id)) {
            known = owner.service(id, actor);
            known.ifPresent(this::remember);
        }
        return known.filter(spec -> mayAct(actor, spec.owner())).orElseThrow(() -> ApiException.notFound("Service"));
    }

    /**
     * The same, asked of its owner first, so that what the user changed a moment ago counts although its event is still on
     * its way; where the owner is away, what is known has to do.
     *
     * @throws ApiException NOT_FOUND if there is none the actor may see
     */
    public ServiceSpec latest(ServiceId id, Actor actor) {
        ServiceSpec known = service(id, actor);
        try {
            ServiceSpec latest = owner.service(id, actor).orElseThrow(() -> ApiException.notFound("Service"));
            remember(latest);
            return latest.revision() > known.revision() ? latest : known;
        } catch (ApiException e) {
            if (e.code() == ErrorCode.DEPENDENCY_UNAVAILABLE) {
                return known;
            }
            throw e;
        }
    }

    /**
     * The whole project, asked of its owner, for who needs what changed a moment ago; empty where the owner is away, so that
     * what is known has to do.
     *
     * @throws ApiException NOT_FOUND if there is none the actor may see
     */
    public Optional<ProjectSnapshot> latest(ProjectId id, Actor actor) {
        try {
            ProjectSnapshot latest = owner.snapshot(id, actor).orElseThrow(() -> ApiException.notFound("Project"));
            latest.services().forEach(this::remember);
            return Optional.of(latest);
        } catch (ApiException e) {
            if (e.code() == ErrorCode.DEPENDENCY_UNAVAILABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether the actor may act on the service, by what is known of it. */
    public boolean maySee(ServiceId id, Actor actor) {
        return find(id).filter(spec -> mayAct(actor, spec.owner())).isPresent();
    }

    /**
     * The project's owner, if the actor may act on the project.
     *
     * @throws ApiException NOT_FOUND if there is none the actor may see
     */
    @Transactional
    public UserId project(ProjectId id, Actor actor) {
        Optional<UserId> known = jdbc.sql("select owner_id from known_project where id = :id and not deleted")
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .map(UserId::new);
        if (known.isEmpty() && owner.project(id, actor)) {
            known = Optional.of(actor.id());
        }
        return known.filter(user -> mayAct(actor, user)).orElseThrow(() -> ApiException.notFound("Project"));
    }

    /** The service as last heard of, whoever owns it; empty once deleted. */
    public Optional<ServiceSpec> find(ServiceId id) {
        return jdbc.sql("select spec from known_service where id = :id and not deleted")
                .param("id", id.value())
                .query(String.class)
                .optional()
                .map(this::spec);
    }

    /** Every service of a project that was not deleted. */
    public List<ServiceSpec> servicesOf(ProjectId project) {
        return jdbc
                .sql("select spec from known_service where project_id = :project and not deleted order by id")
                .param("project", project.value())
                .query(String.class)
                .list()
                .stream()
                .map(this::spec)
                .toList();
    }

    private ServiceSpec spec(String json) {
        return codec.read(json.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
    }

    private static boolean mayAct(Actor actor, UserId ownerId) {
        return actor.id().equals(ownerId);
    }

    private boolean isDeleted(ServiceId id) {
        return jdbc.sql("select count(*) from known_service where id = :id and deleted")
                        .param("id", id.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    private void remember(ServiceSpec spec) {
        project(spec.project(), spec.owner());
        jdbc.sql("""
                insert into known_service (id, project_id, revision, spec) values (:id, :project, :revision, :spec)
                on conflict (id) do update set revision = excluded.revision, spec = excluded.spec
                where known_service.revision < excluded.revision and not known_service.deleted""")
                .param("id", spec.service().value())
                .param("project", spec.project().value())
                .param("revision", spec.revision())
                .param("spec", new String(codec.write(spec), StandardCharsets.UTF_8))
                .update();
    }

    private void project(ProjectId id, UserId ownerId) {
        jdbc.sql("insert into known_project (id, owner_id) values (:id, :owner) on conflict (id) do nothing")
                .param("id", id.value())
                .param("owner", ownerId.value())
                .update();
    }

    private void projectDeleted(ProjectId id, UserId ownerId) {
        jdbc.sql("""
                insert into known_project (id, owner_id, deleted) values (:id, :owner, true)
                on conflict (id) do update set deleted = true""").param("id", id.value()).param("owner", ownerId.value()).update();
    }

    private void serviceDeleted(ServiceDeleted event) {
        jdbc.sql("""
                insert into known_service (id, project_id, revision, spec, deleted)
                values (:id, :project, 0, '', true)
                on conflict (id) do update set deleted = true, spec = ''""")
                .param("id", event.service().value())
                .param("project", event.project().value())
                .update();
    }
}
