package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.SharedVariablesChanged;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@RunningService
class SharedVariablesIT {

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    @Autowired
    private SecretBox box;

    @Autowired
    private JdbcClient jdbc;

    private Api ada;
    private String project;
    private String path;

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newProject() {
        ada = Api.newUser(port);
        project = ada.newProject("shared");
        path = "/api/v1/projects/" + project + "/variables";
    }

    @Test
    void theyAreReplacedToldAndKeepTheirSecrets() {
        assertThat(ada.get(path).expect(200).body()).isEqualTo("{}");

        String shown = "{\"REGION\":{\"value\":\"eu\",\"secret\":false},\"TOKEN\":{\"secret\":true}}";
        assertThat(ada.put(path, "{\"TOKEN\":{\"value\":\"s3cret\",\"secret\":true},\"REGION\":\"eu\"}")
                        .expect(200)
                        .body())
                .isEqualTo(shown);
        assertThat(ada.get(path).expect(200).body()).isEqualTo(shown);
        SharedVariablesChanged first = awaitRevision(1);
        assertThat(first.owner()).isEqualTo(ada.user());
        assertThat(opened(first, "TOKEN")).isEqualTo("s3cret");
        assertThat(opened(first, "REGION")).isEqualTo("eu");

        ada.put(path, "{\"TOKEN\":{\"secret\":true}}").expect(200);
        SharedVariablesChanged second = awaitRevision(2);
        assertThat(second.variables())
                .containsOnlyKeys("TOKEN")
                .containsEntry("TOKEN", first.variables().get("TOKEN"));
        ada.put(path, "{}").expect(200);
        assertThat(awaitRevision(3).variables()).isEmpty();
    }

    @Test
    void whatChangesNothingIsNoNews() {
        ada.put(path, "{\"A\":\"1\"}").expect(200);
        ada.put(path, "{\"A\":\"1\"}").expect(200);
        ada.put(path, "{\"A\":\"2\"}").expect(200);

        assertThat(opened(awaitRevision(2), "A")).isEqualTo("2");
        assertThat(messages.all(SharedVariablesChanged.class).stream().filter(this::isOurs))
                .extracting(SharedVariablesChanged::revision)
                .containsExactly(1L, 2L);
    }

    @Test
    void theSameRulesHoldAsForThoseOfServices() {
        assertThat(ada.put(path, "{\"1X\":\"a\"}").expect(400).problem("variables.1X"))
                .contains("must have a name");
        assertThat(ada.put(path, "{\"NEW\":{\"secret\":true}}").expect(400).problem("variables.NEW.value"))
                .isEqualTo("is required");
        assertThat(ada.put(path, "{\"X\":[]}").expect(400).problem("variables.X"))
                .isEqualTo("must be a text");
        ada.put(path, "[]").expect(400);
        assertThat(ada.get(path).expect(200).body()).isEqualTo("{}");
    }

    @Test
    void toOthersTheyDoNotExist() {
        Api eve = Api.newUser(port);
        eve.get(path).expect(404);
        eve.put(path, "{\"A\":\"1\"}").expect(404);
        ada.get("/api/v1/projects/" + java.util.UUID.randomUUID() + "/variables")
                .expect(404);
        ada.get("/api/v1/projects/nonsense/variables").expect(404);
    }

    @Test
    void theyGoWithTheirProject() {
        ada.put(path, "{\"A\":\"1\"}").expect(200);
        ada.delete("/api/v1/projects/" + project).expect(204);

        messages.await(ProjectDeleted.class, e -> e.project().toString().equals(project));
        ada.get(path).expect(404);
        assertThat(jdbc.sql("select count(*) from shared_variables where project_id = :id::uuid")
                        .param("id", project)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private boolean isOurs(SharedVariablesChanged event) {
        return event.project().toString().equals(project);
    }

    private SharedVariablesChanged awaitRevision(long revision) {
        return messages.await(SharedVariablesChanged.class, e -> isOurs(e) && e.revision() == revision);
    }

    private String opened(SharedVariablesChanged event, String name) {
        return box.open(event.variables().get(name), ServiceSpec.sealedForShared(ProjectId.of(project), name));
    }
}
