package io.containr.project.variables;

import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.variables.Definition;
import io.containr.runtime.variables.Owner;
import io.containr.runtime.variables.Scope;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which variables the managed databases of a project provide: their names, since no value is needed to check a reference. */
@Repository
public class KnownDatabases implements MessageSubscription.Part {

    private final JdbcClient jdbc;

    KnownDatabases(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(DatabaseVariablesChanged.class, (event, meta) -> remember(event))
                .on(DatabaseDeleted.class, (event, meta) -> forget(event));
    }

    private void remember(DatabaseVariablesChanged event) {
        jdbc.sql("""
                insert into known_database (id, project_id, revision, name, variables)
                values (:id, :project, :revision, :name, :variables)
                on conflict (id) do update set project_id = excluded.project_id, revision = excluded.revision,
                    name = excluded.name, variables = excluded.variables
                where known_database.revision < excluded.revision and not known_database.deleted""")
                .param("id", event.database().value())
                .param("project", event.project().value())
                .param("revision", event.revision())
                .param("name", event.name())
                .param("variables", event.variables().keySet().toArray(String[]::new))
                .update();
    }

    private void forget(DatabaseDeleted event) {
        jdbc.sql("update known_database set deleted = true where id = :id")
                .param("id", event.database().value())
                .update();
    }

    List<Scope.Member> of(ProjectId project) {
        return jdbc.sql("select id, name, variables from known_database where project_id = :project and not deleted")
                .param("project", project.value())
                .<Scope.Member>query((row, index) -> new Named(
                        new Owner(new ServiceId(row.getObject("id", UUID.class)), row.getString("name")),
                        Set.of((String[]) row.getArray("variables").getArray())))
                .list();
    }

    private record Named(Owner owner, Set<String> names) implements Scope.Member {

        @Override
        public @Nullable Definition find(String name) {
            return names.contains(name) ? new Definition.Given("") : null;
        }
    }
}
