package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Sealed;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.Ids;
import io.containr.runtime.directory.ProjectSnapshot;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.testing.TestMessages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Values that refer to others, as they are put. */
@RunningService
class ReferencesIT {

    @LocalServerPort
    private int port;

    private Api ada;
    private String project;
    private String web;
    private String database;
    private String shared;

    @BeforeEach
    void newProject() {
        ada = Api.newUser(port);
        project = ada.newProject("references");
        web = variables(ada.newService(project, "web"));
        database = variables(ada.newService(project, "My Postgres-1"));
        shared = "/api/v1/projects/" + project + "/variables";
    }

    @Test
    void whatExistsCanBeReferredToAndStaysAsItIsWritten() {
        ada.put(shared, "{\"USER\":\"ada\",\"PASSWORD\":{\"value\":\"s3cret\",\"secret\":true}}")
                .expect(200);
        ada.put(database, "{\"URL\":\"pg://${{shared.USER}}:${{shared.PASSWORD}}@${{CONTAINR_PRIVATE_DOMAIN}}\"}")
                .expect(200);
        String text = "${{my postgres-1.URL}}?host=${{My Postgres-1.CONTAINR_PRIVATE_DOMAIN}}:${{My Postgres-1.PORT}}"
                + "&self=${{CONTAINR_PUBLIC_DOMAIN}}&literal=$${{x}}";
        assertThat(ada.put(web, "{\"URL\":\"" + text + "\"}").expect(200).body())
                .isEqualTo("{\"URL\":{\"value\":\"" + text + "\",\"secret\":false}}");
    }

    @Test
    void aManagedDatabaseOfTheProjectCanBeReferredToUntilItGoes() {
        DatabaseId id = new DatabaseId(Ids.next());
        UserId owner = new UserId(Ids.next());
        ProjectId itsProject = ProjectId.of(project);
        try (TestMessages messages = new TestMessages()) {
            messages.publish(variables(id, owner, itsProject, 2, "Orders DB"), id);
            messages.publish(variables(id, owner, itsProject, 1, "older"), id);
            await().until(() ->
                    ada.put(web, "{\"URL\":\"${{orders db.DATABASE_URL}}\"}").status() == 200);
            ada.put(web, "{\"URL\":\"${{older.DATABASE_URL}}\"}").expect(400);
            assertThat(ada.put(web, "{\"URL\":\"${{Orders DB.NO}}\"}")
                            .expect(400)
                            .problem("variables.URL"))
                    .isEqualTo("refers to ${{Orders DB.NO}}: Orders DB has no variable named NO");

            messages.publish(new DatabaseDeleted(id, owner, itsProject), id);
            await().until(() ->
                    ada.put(web, "{\"URL\":\"${{Orders DB.DATABASE_URL}}\"}").status() == 400);
        }
    }

    private static DatabaseVariablesChanged variables(
            DatabaseId id, UserId owner, ProjectId project, long revision, String name) {
        return new DatabaseVariablesChanged(
                id, owner, project, revision, name, Map.of("DATABASE_URL", new Sealed("AQ==")));
    }

    @Test
    void unknownServicesNamesAndMalformedReferencesAreEachNamed() {
        Api.Answer answer = ada.put(
                        web,
                        "{\"A\":\"${{Redis.URL}}\",\"B\":\"${{shared.NO}} ${{My Postgres-1.NO}}\",\"FINE\":\"1\","
                                + "\"C\":{\"value\":\"s3cret${{\",\"secret\":true}}")
                .expect(400);
        assertThat(answer.problem("variables.A"))
                .isEqualTo("refers to ${{Redis.URL}}: the project has no service named Redis");
        assertThat(answer.problem("variables.B"))
                .isEqualTo("refers to ${{shared.NO}}: the project shares no variable named NO; "
                        + "refers to ${{My Postgres-1.NO}}: My Postgres-1 has no variable named NO");
        assertThat(answer.problem("variables.C")).isEqualTo("the reference at character 7 is not closed by }}");
        assertThat(answer.body()).doesNotContain("s3cret").doesNotContain("FINE");
        assertThat(ada.get(web).body()).isEqualTo("{}");

        assertThat(ada.put(shared, "{\"A\":\"${{web.NO}}\"}").expect(400).problem("variables.A"))
                .isEqualTo("refers to ${{web.NO}}: web has no variable named NO");
    }

    @Test
    void aCycleAcrossServicesAndSharedOnesIsNamedAsAWhole() {
        ada.put(shared, "{\"B\":\"b\"}").expect(200);
        ada.put(web, "{\"A\":\"${{shared.B}}\"}").expect(200);
        ada.put(database, "{\"C\":\"${{web.A}}\"}").expect(200);

        assertThat(ada.put(shared, "{\"B\":\"${{My Postgres-1.C}}\"}")
                        .expect(400)
                        .problem("variables.B"))
                .isEqualTo("is part of the cycle shared.B → My Postgres-1.C → web.A → shared.B");
        assertThat(ada.put(web, "{\"A\":\"${{A}}\"}").expect(400).problem("variables.A"))
                .isEqualTo("is part of the cycle web.A → web.A");
    }

    @RepeatedTest(3)
    void twoWhoComeAtOnceCannotCloseACycleBetweenThem() throws Exception {
        ada.put(web, "{\"A\":\"\"}").expect(200);
        ada.put(database, "{\"B\":\"\"}").expect(200);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            List<Callable<Api.Answer>> puts = List.of(
                    () -> ada.put(web, "{\"A\":\"${{My Postgres-1.B}}\"}"),
                    () -> ada.put(database, "{\"B\":\"${{web.A}}\"}"));
            List<Future<Api.Answer>> answers = both.invokeAll(puts);
            assertThat(List.of(
                            answers.get(0).get().status(), answers.get(1).get().status()))
                    .containsExactlyInAnyOrder(200, 400);
        }
    }

    @Test
    void variablesOfTheBuildAreHeldToTheSame() {
        String service = web.replace("/variables", "");
        assertThat(ada.put(service, "{\"build_config\":{\"environment_variables\":{\"A\":\"${{x.Y}}\"}}}")
                        .expect(400)
                        .problem("build_config.environment_variables.A"))
                .isEqualTo("refers to ${{x.Y}}: the project has no service named x");
        assertThat(ada.post(
                                "/api/v1/projects/" + project + "/services",
                                "{\"name\":\"third\",\"type\":\"web\","
                                        + "\"build_config\":{\"environment_variables\":{\"A\":\"${{B}}\"}}}")
                        .expect(400)
                        .problem("build_config.environment_variables.A"))
                .isEqualTo("refers to ${{B}}: third has no variable named B");
        ada.put(service, "{\"build_config\":{\"environment_variables\":{\"A\":\"${{B}}\",\"B\":\"1\"}}}")
                .expect(200);
    }

    @Test
    void namesOfThePlatformCannotBeTakenButForThePort() {
        assertThat(ada.put(web, "{\"CONTAINR_X\":\"1\",\"PORT\":\"80\"}")
                        .expect(400)
                        .problem("variables.CONTAINR_X"))
                .startsWith("must not begin with CONTAINR_");
        assertThat(ada.put(shared, "{\"CONTAINR_X\":\"1\"}").expect(400).problem("variables.CONTAINR_X"))
                .startsWith("must not begin with CONTAINR_");
        ada.put(web, "{\"PORT\":\"80\"}").expect(200);
        assertThat(ada.put(web, "{\"A\":\"${{CONTAINR_DEPLOYMENT_ID}}\"}")
                        .expect(400)
                        .problem("variables.A"))
                .contains("differs from deployment to deployment");
    }

    @Test
    void theWholeProjectIsToldToWhoAsksWithItsOwnersToken() {
        ada.put(shared, "{\"A\":\"1\"}").expect(200);
        String path = "/internal/projects/" + project;
        ProjectSnapshot snapshot = new MessageCodec()
                .read(ada.get(path).expect(200).body().getBytes(StandardCharsets.UTF_8), ProjectSnapshot.class);
        assertThat(snapshot.services()).extracting(spec -> spec.name()).containsExactly("web", "My Postgres-1");
        assertThat(snapshot.shared().revision()).isEqualTo(1);
        assertThat(snapshot.shared().variables()).containsOnlyKeys("A");
        Api.newUser(port).get(path).expect(404);
    }

    private static String variables(String service) {
        return "/api/v1/services/" + service + "/variables";
    }
}
