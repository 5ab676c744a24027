package io.containr.deploy.variable;

import io.containr.contracts.Sealed;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.variables.Definition;
import io.containr.runtime.variables.Owner;
import io.containr.runtime.variables.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What managed databases provide to the services of their project; an older revision than the known one is ignored. */
@Repository
public class DatabaseVariables implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final Json json;
    private final SecretBox secrets;

    DatabaseVariables(JdbcClient jdbc, Json json, SecretBox secrets) {
        this.jdbc = jdbc;
        this.json = json;
        this.secrets = secrets;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(DatabaseVariablesChanged.class, (event, meta) -> remember(event))
                .on(DatabaseDeleted.class, (event, meta) -> forget(event.database()));
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
                .param("variables", json.write(new Variables(event.variables())))
                .update();
    }

    /** That it was there is remembered, so that what comes late does not bring it back. */
    private void forget(DatabaseId database) {
        jdbc.sql("update known_database set deleted = true, variables = '{}' where id = :id")
                .param("id", database.value())
                .update();
    }

    /** The databases of a project as references see them. */
    List<Scope.Member> of(ProjectId project) {
        return jdbc.sql("select id, name, variables from known_database where project_id = :project and not deleted")
                .param("project", project.value())
                .<Scope.Member>query((row, index) -> new Provided(
                        Rows.id(row, "id", DatabaseId::new),
                        row.getString("name"),
                        json.read(row.getString("variables"), Variables.class).byName(),
                        secrets))
                .list();
    }

    private record Variables(Map<String, Sealed> byName) {}

    private record Provided(DatabaseId database, String name, Map<String, Sealed> variables, SecretBox secrets)
            implements Scope.Member {

        @Override
        public Owner owner() {
            return new Owner(new ServiceId(database.value()), name);
        }

        @Override
        public @Nullable Definition find(String variable) {
            Sealed sealed = variables.get(variable);
            return sealed == null
                    ? null
                    : new Definition.Given(secrets.open(sealed, DatabaseEvent.sealedFor(database, variable)));
        }
    }
}
