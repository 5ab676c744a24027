package io.containr.deploy.variable;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.SharedVariablesChanged;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.rows.Json;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the services of projects share, from project-service's events; an older revision than the known one is ignored. */
@Repository
public class SharedVariables implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final Json json;

    SharedVariables(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(SharedVariablesChanged.class, (event, meta) -> remember(event))
                .on(ProjectDeleted.class, (event, meta) -> forget(event.project()));
    }

    /** Nothing of a project that is gone. */
    void remember(SharedVariablesChanged event) {
        jdbc.sql("""
                insert into shared_variables (project_id, revision, variables)
                select :project, :revision, :variables
                where not exists (select from known_project where id = :project and deleted)
                on conflict (project_id) do update set revision = excluded.revision, variables = excluded.variables
                where shared_variables.revision < excluded.revision""")
                .param("project", event.project().value())
                .param("revision", event.revision())
                .param("variables", json.write(new Variables(event.variables())))
                .update();
    }

    Map<String, Sealed> of(ProjectId project) {
        return jdbc.sql("select variables from shared_variables where project_id = :project")
                .param("project", project.value())
                .query(String.class)
                .optional()
                .map(text -> json.read(text, Variables.class).byName())
                .orElse(Map.of());
    }

    private void forget(ProjectId project) {
        jdbc.sql("delete from shared_variables where project_id = :project")
                .param("project", project.value())
                .update();
    }

    private record Variables(Map<String, Sealed> byName) {}
}
