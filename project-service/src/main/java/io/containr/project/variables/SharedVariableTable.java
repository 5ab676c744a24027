package io.containr.project.variables;

import io.containr.contracts.ids.ProjectId;
import io.containr.runtime.messaging.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of variables that projects share; the project's row lock orders its changes. */
@Repository
class SharedVariableTable {

    private final JdbcClient jdbc;
    private final MessageCodec codec;

    SharedVariableTable(JdbcClient jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.codec = codec;
    }

    SharedSet find(ProjectId project) {
        return jdbc.sql("select revision, variables from shared_variables where project_id = :project")
                .param("project", project.value())
                .query((row, i) -> new SharedSet(row.getLong("revision"), read(row.getString("variables"))))
                .optional()
                .orElse(SharedSet.NOTHING);
    }

    void save(ProjectId project, SharedSet set) {
        jdbc.sql("""
                insert into shared_variables (project_id, revision, variables)
                values (:project, :revision, :variables::jsonb)
                on conflict (project_id) do update set revision = excluded.revision, variables = excluded.variables""")
                .param("project", project.value())
                .param("revision", set.revision())
                .param("variables", new String(codec.write(new Variables(set.variables())), StandardCharsets.UTF_8))
                .update();
    }

    void delete(ProjectId project) {
        jdbc.sql("delete from shared_variables where project_id = :project")
                .param("project", project.value())
                .update();
    }

    private Map<String, Variable> read(String json) {
        return codec.read(json.getBytes(StandardCharsets.UTF_8), Variables.class)
                .byName();
    }

    private record Variables(Map<String, Variable> byName) {}
}
