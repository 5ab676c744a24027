package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Sealed;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.SharedVariablesChanged;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** References are resolved when a release is made, stay in it, and are refused where they mean nothing. */
class VariablesIT extends DeployServiceTest {

    private final ProjectId project = new ProjectId(Ids.next());

    @Test
    void referencesAreResolvedSealedForTheServiceAndKeptByARollback() {
        share(
                1,
                Map.of(
                        "PASSWORD",
                        "s3cret",
                        "URL",
                        "pg://x:${{shared.PASSWORD}}@${{Data base.CONTAINR_PRIVATE_DOMAIN}}"));
        ServiceSpec database =
                created(with(service().in(project).named("Data base", "p").of(ServiceKind.DATABASE), "PORT", "5432"));
        ServiceSpec web = created(with(
                with(service().in(project).named("web", "p"), "URL", "${{shared.URL}}:${{data base.PORT}}/$${{x}}"),
                "ME",
                "http://${{CONTAINR_PUBLIC_DOMAIN}}|${{CONTAINR_PRIVATE_DOMAIN}}|${{PORT}}"));
        awaitShared(1);

        DeploymentId first = deployed(web.service());
        InstanceSpec instance = instanceOf(first);
        assertThat(open(web, instance.variables(), "URL")).isEqualTo("pg://x:s3cret@data-base.internal:5432/${{x}}");
        assertThat(open(web, instance.variables(), "ME"))
                .isEqualTo("http://" + instance.environment().get("CONTAINR_PUBLIC_DOMAIN") + "|web.internal|8080");
        assertThat(instance.privateName()).isEqualTo("web");
        assertThat(instance.environment()).containsEntry("CONTAINR_PRIVATE_DOMAIN", "web.internal");
        StartBuild build = messages.await(StartBuild.class, command -> first.equals(command.deployment()));
        assertThat(open(web, build.variables(), "URL")).contains("s3cret");

        share(3, Map.of("PASSWORD", "changed", "URL", "${{shared.PASSWORD}}"));
        share(2, Map.of());
        awaitShared(3);
        DeploymentId second = deployed(web.service());
        assertThat(open(web, instanceOf(second).variables(), "URL")).isEqualTo("changed:5432/${{x}}");

        DeploymentId back = DeploymentId.of(
                api.post("/deployments/" + first + "/rollback").expect(201).text("/deployment/id"));
        awaitStatus(back, "deployed");
        assertThat(open(web, instanceOf(back).variables(), "URL"))
                .isEqualTo("pg://x:s3cret@data-base.internal:5432/${{x}}");
        assertThat(database.project()).isEqualTo(web.project());
    }

    @Test
    void whatAManagedDatabaseProvidesIsResolvedWithItsLatestPassword() {
        ServiceSpec web = created(with(service().in(project).named("web", "p"), "URL", "${{orders.DATABASE_URL}}"));
        DatabaseId id = new DatabaseId(Ids.next());
        messages.publish(orders(id, 2, "postgresql://new"), id);
        messages.publish(orders(id, 1, "postgresql://old"), id);
        await().until(() ->
                api.post("/services/" + web.service() + "/deployments", "{}").status() == 201);

        DeploymentId deployment = DeploymentId.of(
                api.get("/services/" + web.service() + "/deployments").text("/deployments/0/id"));
        awaitStatus(deployment, "deployed");
        assertThat(open(web, instanceOf(deployment).variables(), "URL")).isEqualTo("postgresql://new");

        messages.publish(new DatabaseDeleted(id, owner, project), id);
        await().until(() ->
                api.post("/services/" + web.service() + "/deployments", "{}").status() == 400);
    }

    private DatabaseVariablesChanged orders(DatabaseId id, long revision, String url) {
        return new DatabaseVariablesChanged(
                id,
                owner,
                project,
                revision,
                "orders",
                Map.of("DATABASE_URL", secrets.seal(url, DatabaseEvent.sealedFor(id, "DATABASE_URL"))));
    }

    @Test
    void whatADeploymentCannotResolveIsRefusedBeforeAnythingIsBuilt() {
        ServiceSpec web = created(with(service().in(project), "SECRET", "s3cret${{Postgres.URL}}"));
        Api.Answer answer =
                api.post("/services/" + web.service() + "/deployments", "{}").expect(400);
        assertThat(answer.json().at("/details/fields").path("variables.SECRET").asString())
                .isEqualTo("refers to ${{Postgres.URL}}: the project has no service named Postgres");
        assertThat(answer.body()).doesNotContain("s3cret");

        Api.Answer overridden = api.post(
                        "/services/" + web.service() + "/deployments",
                        "{\"env_vars\":{\"SECRET\":\"${{shared.NO}}\",\"X\":\"${{SECRET}}\"}}")
                .expect(400);
        assertThat(overridden
                        .json()
                        .at("/details/fields")
                        .path("env_vars.SECRET")
                        .asString())
                .isEqualTo("refers to ${{shared.NO}}: the project shares no variable named NO");
        assertThat(overridden.json().at("/details/fields").path("env_vars.X").asString())
                .isEqualTo("refers to ${{SECRET}}, which refers to ${{shared.NO}}:"
                        + " the project shares no variable named NO");
        assertThat(api.post("/services/" + web.service() + "/deployments", "{\"env_vars\":{\"CONTAINR_X\":\"1\"}}")
                        .expect(400)
                        .body())
                .contains("env_vars.CONTAINR_X");
        assertThat(api.get("/services/" + web.service() + "/deployments")
                        .json()
                        .at("/pagination/total")
                        .asInt())
                .isZero();
    }

    @Test
    void overridesMayReferToOthersAndCount() {
        ServiceSpec web = created(with(service().in(project), "A", "a"));
        Api.Answer answer = api.post(
                        "/services/" + web.service() + "/deployments",
                        "{\"env_vars\":{\"B\":\"${{A}}${{C}}\",\"C\":\"c\",\"PORT\":\"9${{ZEROS}}\",\"ZEROS\":\"000\"}}")
                .expect(201);
        InstanceSpec instance = instanceOf(DeploymentId.of(answer.text("/id")));
        assertThat(open(web, instance.variables(), "B")).isEqualTo("ac");
        assertThat(instance.port()).isEqualTo(9000);
    }

    @Test
    void aTargetThatGoesWhileItBuildsFailsTheDeployment() {
        ServiceSpec database = created(with(service().in(project).named("db", "p"), "URL", "x"));
        ServiceSpec web = created(with(service().in(project).named("web", "p"), "URL", "${{db.URL}}"));
        world.buildByHand(web.service());
        DeploymentId id = DeploymentId.of(deploy(web.service()).text("/id"));
        StartBuild build = messages.await(StartBuild.class, command -> id.equals(command.deployment()));

        messages.publish(new ServiceDeleted(database.service(), project, owner), project);
        await().until(() ->
                api.get("/services/" + database.service() + "/deployments").status() == 404);
        world.succeeded(build);

        Api.Answer failed = awaitStatus(id, "failed");
        assertThat(failed.text("/deployment/error_code")).isEqualTo("VARIABLES_UNRESOLVED");
        assertThat(failed.text("/deployment/error"))
                .isEqualTo("variables.URL refers to ${{db.URL}}: the project has no service named db");
    }

    @Test
    void aPortThatIsNotKnownYetIsAskedFor() {
        created(service().in(project).named("api", "p"));
        ServiceSpec web = created(with(service().in(project).named("web", "p"), "API", "${{api.PORT}}"));
        assertThat(api.post("/services/" + web.service() + "/deployments", "{}")
                        .expect(400)
                        .body())
                .contains("the port of api is not known yet");
    }

    @Test
    void privateNamesAreUniqueInTheirProjectAndAWorkerIsToldItsPort() {
        ServiceSpec one = created(service().in(project).named("My Work-er", "p").of(ServiceKind.WORKER));
        ServiceSpec other =
                created(service().in(project).named("my_work er", "p").of(ServiceKind.WORKER));
        ServiceSpec local =
                created(service().in(project).named("localhost", "p").of(ServiceKind.WORKER));
        ServiceSpec elsewhere = created(service().named("My Work-er", "q").of(ServiceKind.WORKER));
        InstanceSpec instance = instanceOf(deployed(one.service()));
        assertThat(instance.privateName()).isEqualTo("my-work-er");
        assertThat(instance.port()).isNull();
        assertThat(instance.environment()).containsEntry("PORT", "8080");
        assertThat(instanceOf(deployed(other.service())).privateName()).isEqualTo("my-work-er-2");
        assertThat(instanceOf(deployed(local.service())).privateName()).isEqualTo("localhost-2");
        assertThat(instanceOf(deployed(elsewhere.service())).privateName()).isEqualTo("my-work-er");
    }

    @Test
    void namesGoWithTheirServiceWhetherItWasEverDeployedOrNot() {
        ServiceSpec database = created(service().in(project).named("db", "p"));
        ServiceSpec web = created(with(
                with(service().in(project).named("web", "p"), "DB", "${{db.CONTAINR_PRIVATE_DOMAIN}}"),
                "PUBLIC",
                "${{db.CONTAINR_PUBLIC_DOMAIN}}"));
        InstanceSpec instance = instanceOf(deployed(web.service()));
        assertThat(open(web, instance.variables(), "DB")).isEqualTo("db.internal");
        assertThat(open(web, instance.variables(), "PUBLIC")).startsWith("db-p");
        assertThat(names("private_name")).isEqualTo(2);
        assertThat(names("service_host")).isEqualTo(2);

        messages.publish(new ServiceDeleted(database.service(), project, owner), project);
        messages.publish(new ServiceDeleted(web.service(), project, owner), project);
        await().until(() -> names("private_name") + names("service_host") == 0);
    }

    @Test
    void whatIsSharedGoesWithTheProjectAndDoesNotComeBack() {
        share(1, Map.of("A", "1"));
        awaitShared(1);
        messages.publish(new ProjectDeleted(project, owner), project);
        await().until(() -> sharedRevision() == 0);
        share(2, Map.of("A", "1"));
        ServiceSpec later = created(service().in(project));
        assertThat(later.project()).isEqualTo(project);
        assertThat(sharedRevision()).isZero();
    }

    private Specs.Builder with(Specs.Builder builder, String name, String value) {
        return builder.with(name, secrets.seal(value, ServiceSpec.sealedFor(builder.service, name)));
    }

    private long names(String table) {
        return jdbc.sql(
                        "select count(*) from " + table
                                + " join known_service on known_service.id = service_id where known_service.project_id = :project")
                .param("project", project.value())
                .query(Long.class)
                .single();
    }

    private void share(long revision, Map<String, String> values) {
        Map<String, Sealed> sealed = new HashMap<>();
        values.forEach(
                (name, value) -> sealed.put(name, secrets.seal(value, ServiceSpec.sealedForShared(project, name))));
        messages.publish(new SharedVariablesChanged(project, owner, revision, sealed), project);
    }

    private void awaitShared(long revision) {
        await().until(() -> sharedRevision() == revision);
    }

    private long sharedRevision() {
        return jdbc.sql("select coalesce(max(revision), 0) from shared_variables where project_id = :project")
                .param("project", project.value())
                .query(Long.class)
                .single();
    }

    private String open(ServiceSpec spec, Map<String, Sealed> variables, String name) {
        return secrets.open(variables.get(name), ServiceSpec.sealedFor(spec.service(), name));
    }
}
