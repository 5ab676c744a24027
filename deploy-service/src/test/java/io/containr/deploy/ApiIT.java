package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.Sealed;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.deploy.DeployEvent.DeploymentCreated;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.testing.Api;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API takes, what it refuses, and what it shows. */
class ApiIT extends DeployServiceTest {

    @Test
    void branchCommitTriggerAndVariablesOfTheRequestCount() {
        ServiceSpec spec = created(withVariable(service(), "GREETING", "hello"));
        Api.Answer answer =
                api.post("/services/" + spec.service() + "/deployments", """
                {"branch": "next", "commit_hash": "0123456789abcdef0123456789abcdef01234567", "trigger": "webhook",
                 "env_vars": {"GREETING": "moin", "PORT": "9000"}}""").expect(201);
        assertThat(answer.text("/status")).isEqualTo("pending");
        assertThat(answer.text("/trigger")).isEqualTo("webhook");
        DeploymentId id = DeploymentId.of(answer.text("/id"));
        StartBuild build = messages.await(StartBuild.class, command -> id.equals(command.deployment()));
        assertThat(build.branch()).isEqualTo("next");
        assertThat(build.commit()).isEqualTo("0123456789abcdef0123456789abcdef01234567");
        InstanceSpec instance = instanceOf(id);
        assertThat(instance.port()).isEqualTo(9000);
        assertThat(open(spec, instance, "GREETING")).isEqualTo("moin");
        assertThat(instance.environment())
                .containsAllEntriesOf(Map.of(
                        "PORT", "9000",
                        "CONTAINR_SERVICE_NAME", "hello",
                        "CONTAINR_DEPLOYMENT_ID", id.toString(),
                        "CONTAINR_GIT_COMMIT_SHA", "0123456789abcdef0123456789abcdef01234567"))
                .containsKey("CONTAINR_PUBLIC_DOMAIN");
        assertThat(instance.name()).matches("hello-[0-9a-f]{12}");

        InstanceSpec next = instanceOf(deployed(spec.service()));
        assertThat(next.port()).isEqualTo(8080);
        assertThat(open(spec, next, "GREETING")).isEqualTo("hello");
    }

    @Test
    void theStartCommandBecomesWordsWithoutAShell() {
        ServiceSpec spec = created(service().startedBy("node  server.js --title=\"a b\" '$HOME'"));
        assertThat(instanceOf(deployed(spec.service())).command())
                .containsExactly("node", "server.js", "--title=a b", "$HOME");
    }

    @Test
    void theStartCommandThatABuilderWasToldIsLeftToItsImage() {
        ServiceSpec spec = created(service().startedBy("migrate && serve"));
        world.buildByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        StartBuild build = messages.await(StartBuild.class, start -> id.equals(start.deployment()));

        messages.publish(World.success(build, World.image(build.build().value()).startingAsTold()), build.service());

        assertThat(instanceOf(id).command()).isNull();
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        ServiceSpec spec = created(service());

        api.post(
                        "/services/" + spec.service() + "/deployments",
                        "{\"env_vars\": {\"A\": \"" + "x".repeat(2 << 20) + "\"}}")
                .expect(413);
    }

    @Test
    void aDeploymentActsForWhoAskedForIt() {
        ServiceSpec spec = created(service());
        DeploymentId id = deployed(spec.service());
        MessageMeta meta = messages.awaitMeta(
                DeploymentCreated.class, event -> event.deployment().equals(id));
        MessageMeta build = messages.awaitMeta(StartBuild.class, event -> id.equals(event.deployment()));
        assertThat(build.origin().actorId()).isEqualTo(owner.toString());
        assertThat(build.origin().actorEmail()).isEqualTo("ada@example.com");
        assertThat(build.origin().correlationId()).isEqualTo(meta.origin().correlationId());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"branch": "--upload-pack=x"}                | branch
            {"branch": "a b"}                            | branch
            {"commit_hash": "HEAD"}                      | commit_hash
            {"trigger": "rollback"}                      | trigger
            {"env_vars": {"A-B": "x"}}                   | env_vars
            {"env_vars": {"A": null}}                    | env_vars
            {"env_vars": {"PORT": "http"}}               | env_vars.PORT
            {"env_vars": {"PORT": "70000"}}              | env_vars.PORT
            {"env_vars": ["A"]}                          | env_vars
            {"trigger": "restart", "branch": "main"}     | branch
            """)
    void anInvalidFieldIsNamed(String body, String field) {
        ServiceSpec spec = created(service());
        Api.Answer answer =
                api.post("/services/" + spec.service() + "/deployments", body).expect(400);
        assertThat(answer.text("/code")).isEqualTo("VALIDATION");
        assertThat(answer.json().at("/details/fields").propertyNames())
                .as(answer.body())
                .anyMatch(name -> name.startsWith(field));
    }

    @Test
    void whatCannotBeDeployedIsRefusedWithTheReason() {
        ServiceSpec noSource =
                created(service().from(new ServiceSource(ServiceSource.Type.GIT, null, null, null, null, null)));
        assertThat(refused(noSource)).contains("no repository");
        ServiceSpec noImage =
                created(service().from(new ServiceSource(ServiceSource.Type.IMAGE, null, null, null, null, null)));
        assertThat(refused(noImage)).contains("no image");
        assertThat(refused(created(service().stopped()))).contains("stopped");
        ServiceSpec fresh = created(service());
        assertThat(api.post("/services/" + fresh.service() + "/deployments", "{\"trigger\": \"restart\"}")
                        .expect(409)
                        .text("/error"))
                .contains("never deployed");
        ServiceSpec unbalanced = created(service().startedBy("sh -c 'echo"));
        assertThat(api.post("/services/" + unbalanced.service() + "/deployments", "{}")
                        .expect(400)
                        .text("/details/fields/start_command"))
                .contains("quote");
    }

    private String refused(ServiceSpec spec) {
        Api.Answer answer =
                api.post("/services/" + spec.service() + "/deployments", "{}").expect(409);
        assertThat(answer.text("/code")).isEqualTo("CONFLICT");
        return answer.text("/error");
    }

    @Test
    void aRestartByTheApiBuildsNothing() {
        ServiceSpec spec = created(service());
        InstanceSpec old = instanceOf(deployed(spec.service()));
        DeploymentId id =
                DeploymentId.of(api.post("/services/" + spec.service() + "/deployments", "{\"trigger\": \"restart\"}")
                        .expect(201)
                        .text("/id"));
        awaitStatus(id, "deployed");
        assertThat(instanceOf(id).image()).isEqualTo(old.image());
    }

    @Test
    void deploymentsAreListedNewestFirstInPages() {
        ServiceSpec spec = created(service());
        DeploymentId first = deployed(spec.service());
        DeploymentId second = deployed(spec.service());
        DeploymentId third = deployed(spec.service());
        String path = "/services/" + spec.service() + "/deployments";
        Api.Answer page = api.get(path + "?limit=2").expect(200);
        assertThat(page.text("/deployments/0/id")).isEqualTo(third.toString());
        assertThat(page.text("/deployments/1/id")).isEqualTo(second.toString());
        assertThat(page.json().at("/pagination/total").asInt()).isEqualTo(3);
        assertThat(page.json().at("/pagination/total_pages").asInt()).isEqualTo(2);
        assertThat(api.get(path + "?limit=2&page=2").text("/deployments/0/id")).isEqualTo(first.toString());
        api.get(path + "?limit=101").expect(400);
        api.get(path + "?page=0").expect(400);
    }

    @Test
    void anotherTenantsServicesAndDeploymentsDoNotExist() {
        ServiceSpec spec = created(service());
        DeploymentId id = deployed(spec.service());
        Api stranger = as(new UserId(Ids.next()));
        stranger.get("/services/" + spec.service() + "/deployments").expect(404);
        stranger.post("/services/" + spec.service() + "/deployments", "{}").expect(404);
        stranger.get("/deployments/" + id).expect(404);
        stranger.get("/deployments/" + id + "/logs").expect(404);
        stranger.post("/deployments/" + id + "/rollback").expect(404);
        Api.Answer answer = stranger.post("/deployments/" + id + "/cancel").expect(404);
        assertThat(answer.text("/error"))
                .isEqualTo(api.get("/deployments/" + Ids.next()).expect(404).text("/error"));
        api.get("/deployments/no-id").expect(404);
        new Api(port, "no-token").get("/deployments/" + id).expect(401);
    }

    private Specs.Builder withVariable(Specs.Builder builder, String name, String value) {
        Sealed sealed = secrets.seal(value, ServiceSpec.sealedFor(builder.service, name));
        return builder.with(name, sealed);
    }

    private String open(ServiceSpec spec, InstanceSpec instance, String name) {
        return secrets.open(instance.variables().get(name), ServiceSpec.sealedFor(spec.service(), name));
    }

    @Test
    void secretsAreNeitherShownNorStoredInClear() {
        ServiceSpec spec = created(service());
        DeploymentId id = DeploymentId.of(api.post(
                        "/services/" + spec.service() + "/deployments", "{\"env_vars\": {\"TOKEN\": \"s3cr3t-t0ken\"}}")
                .expect(201)
                .text("/id"));
        awaitStatus(id, "deployed");
        assertThat(deployment(id).body()).doesNotContain("s3cr3t-t0ken");
        for (String table : List.of("deployment", "release", "outbox")) {
            assertThat(jdbc.sql("select count(*) from " + table + " t where t::text like '%s3cr3t-t0ken%'")
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }
}
