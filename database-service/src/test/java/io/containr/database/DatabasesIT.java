package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.database.DatabaseEvent.DatabaseStateChanged;
import io.containr.contracts.database.DatabaseEvent.DatabaseUpdated;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Databases from their creation to their end, with real Redis servers for guests. */
class DatabasesIT extends DatabaseServiceTest {

    @Test
    void runsOnceItAnsweredAndItsOwnerGetsInByItsUrl() {
        String id = create("orders", "redis");
        assertThat(api.get(DATABASES + "/" + id).text("/status")).isEqualTo("building");

        Api.Answer running = awaitStatus(id, "running");

        assertThat(running.text("/version")).isEqualTo("7.2");
        assertThat(running.text("/private_domain")).matches("orders-[0-9a-f]{6}\\.internal");
        assertThat(running.text("/connection_url")).startsWith("rediss://default:");
        try (Jedis jedis = connect(id)) {
            assertThat(jedis.set("a", "1")).isEqualTo("OK");
        }
        InstanceSpec spec = instancesNamed("orders").getFirst();
        assertThat(spec.volume()).isEqualTo(new Volume(10 * 1024, "/data"));
        assertThat(spec.resources().memoryMiB()).isEqualTo(1024);
        assertThat(spec.port()).isEqualTo(6379);
        assertThat(spec.privateName()).isEqualTo(spec.name());
        assertThat(String.join(" ", spec.command())).doesNotContain(world.variable(spec, "REDIS_PASSWORD"));
        messages.await(
                DatabaseStateChanged.class,
                event -> event.database().toString().equals(id) && event.state().equals("running"));
    }

    @Test
    void oneOfBeforeItsEngineHadACertificateGoesOnWithout() {
        String id = create("plain", "redis");
        awaitStatus(id, "running");
        jdbc.sql("update database set encrypted = false where id = :id::uuid")
                .param("id", id)
                .update();

        act(id, "restart");
        Api.Answer running = awaitStatus(id, "running");

        assertThat(running.text("/connection_url")).startsWith("redis://");
        assertThat(running.json().has("ca_certificate")).isFalse();
        assertThat(instancesNamed("plain").getLast().variables()).containsOnlyKeys("REDIS_PASSWORD");
        try (Jedis jedis = new Jedis(URI.create(running.text("/connection_url")))) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void anEngineThatAnotherAuthorityVouchesForIsNotSpokenTo() {
        String id = create("strange", "redis");
        awaitStatus(id, "running");
        String url = api.get(DATABASES + "/" + id).text("/connection_url");

        assertThatThrownBy(() -> new Jedis(URI.create(url)).ping()).isInstanceOf(JedisException.class);
        assertThatThrownBy(() -> new Jedis(URI.create(url.replace("rediss:", "redis:"))).ping())
                .isInstanceOf(JedisException.class);
    }

    @Test
    void aTemplatesDatabaseHasTheUsualPlanRegionAndVersionAndObeysTheRulesOfAnyOther() {
        String internal = "/internal/databases";
        String id = api.post(internal, "{\"name\":\"of a template\",\"type\":\"redis\"}")
                .expect(201)
                .text("/id");

        Api.Answer made = api.get(DATABASES + "/" + id).expect(200);
        assertThat(made.text("/plan")).isEqualTo("hobby");
        assertThat(made.text("/region")).isEqualTo("default");
        assertThat(made.text("/version")).isEqualTo("7.2");

        api.post(internal, "{\"name\":\"of a template\",\"type\":\"redis\"}").expect(409);
        assertThat(api.post(internal, "{\"name\":\"x\",\"type\":\"redis\",\"version\":\"1\"}")
                        .expect(400)
                        .text("/details/fields/version"))
                .startsWith("must be one of");
        ProjectId project = new ProjectId(Ids.next());
        messages.publish(new ProjectCreated(project, new UserId(Ids.next()), "hers"), project);
        String inProject = "{\"name\":\"x\",\"type\":\"redis\",\"project_id\":\"" + project + "\"}";
        await().until(() -> api.post(internal, inProject).status() == 404);
        as(new UserId(Ids.next())).get(DATABASES + "/" + id).expect(404);
    }

    @Test
    void aListenerThatDoesNotSpeakTheProtocolIsNotRunning() {
        // What the world does not serve stays without an answer; here one listens who is no database.
        String id = create("mute", "clickhouse");
        InstanceSpec spec = messages.await(
                        EnsureInstance.class, command -> command.spec().name().startsWith("mute-"))
                .spec();
        messages.publish(
                new io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy(
                        World.instance(spec), "127.0.0.1", port, Map.of()),
                spec.service());

        Api.Answer wrong = awaitStatus(id, "error");

        assertThat(wrong.text("/error_code")).isEqualTo("NOT_ANSWERING");
        assertThat(wrong.text("/status_reason")).endsWith("It does not answer: SSLException");
        assertThat(wrong.json().has("connection_url")).isFalse();
    }

    @Test
    void dataSurviveRestartStopStartAndAnotherPlan() {
        String id = create("kept", "redis");
        awaitStatus(id, "running");
        try (Jedis jedis = connect(id)) {
            jedis.set("a", "1");
        }

        act(id, "restart");
        awaitStatus(id, "running");
        assertThat(value(id)).isEqualTo("1");
        await().until(() -> instancesLeft(id) == 1);

        act(id, "stop");
        Api.Answer stopped = awaitStatus(id, "stopped");
        assertThat(stopped.json().has("connection_url")).isFalse();
        act(id, "stop");
        act(id, "start");
        awaitStatus(id, "running");
        assertThat(value(id)).isEqualTo("1");

        act(id, "stop");
        awaitStatus(id, "stopped");
        assertThat(changePlan(id, "starter")).isEqualTo("Database updated");
        act(id, "start");
        awaitStatus(id, "running");
        assertThat(value(id)).isEqualTo("1");
        InstanceSpec last = instancesNamed("kept").getLast();
        assertThat(last.volume()).isEqualTo(new Volume(25 * 1024, "/data"));
        assertThat(last.resources().memoryMiB()).isEqualTo(2048);
        assertThat(instancesNamed("kept").stream().map(InstanceSpec::service).distinct())
                .hasSize(1);
        assertThat(instancesNamed("kept").stream().map(InstanceSpec::generation))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(api.put(DATABASES + "/" + id, "{\"plan\":\"hobby\"}")
                        .expect(409)
                        .text("/error"))
                .contains("cannot shrink");
    }

    @Test
    void growsToALargerPlanWhileItRuns() {
        String id = create("grown", "redis");
        awaitStatus(id, "running");
        try (Jedis jedis = connect(id)) {
            jedis.set("a", "1");
            world.growth(World.Growth.DELAYED);

            assertThat(changePlan(id, "starter")).isEqualTo("Database updated; it grows to its new plan while it runs");

            await().until(() -> "delayed"
                    .equals(api.get(DATABASES + "/" + id)
                            .json()
                            .at("/resize/status")
                            .asString("")));
            Api.Answer delayed = api.get(DATABASES + "/" + id);
            assertThat(delayed.text("/status")).isEqualTo("running");
            assertThat(delayed.text("/plan")).isEqualTo("starter");
            assertThat(delayed.text("/resize/error_code")).isEqualTo("NO_CAPACITY");
            assertThat(delayed.text("/resize/status_reason")).contains("free memory");

            world.growth(World.Growth.FINE);

            await().until(() -> !api.get(DATABASES + "/" + id).json().has("resize"));
            assertThat(jedis.get("a")).isEqualTo("1");
        }
        List<InstanceSpec> told = instancesNamed("grown");
        assertThat(told.stream().map(InstanceSpec::instance).distinct()).hasSize(1);
        assertThat(told.getLast().resources().memoryMiB()).isEqualTo(2048);
        assertThat(told.getLast().resources().cpuMillis()).isEqualTo(1000);
        assertThat(told.getLast().volume()).isEqualTo(new Volume(25 * 1024, "/data"));
        assertThat(told.getLast().generation()).isGreaterThan(told.getFirst().generation());
        assertThat(messages.all(DatabaseStateChanged.class).stream()
                        .filter(event -> event.database().toString().equals(id))
                        .map(DatabaseStateChanged::state))
                .containsExactly("building", "running");
    }

    @Test
    void restartsAndSaysSoWhereItsGuestCannotGrow() {
        String id = create("rigid", "redis");
        awaitStatus(id, "running");
        try (Jedis jedis = connect(id)) {
            jedis.set("a", "1");
        }
        world.growth(World.Growth.REFUSED);

        changePlan(id, "starter");

        DatabaseStateChanged announced = messages.await(
                DatabaseStateChanged.class,
                event -> event.database().toString().equals(id)
                        && event.failure() != null
                        && event.failure().code().equals("RESIZED_BY_RESTART"));
        assertThat(announced.state()).isEqualTo("building");
        assertThat(announced.failure().message()).contains("unable to hotplug memory");
        Api.Answer running = awaitStatus(id, "running");
        assertThat(running.json().has("status_reason")).isFalse();
        assertThat(running.json().has("resize")).isFalse();
        assertThat(value(id)).isEqualTo("1");
        assertThat(instancesNamed("rigid").getLast().instance())
                .isNotEqualTo(instancesNamed("rigid").getFirst().instance());
        world.growth(World.Growth.FINE);
    }

    @Test
    void othersConnectFromTheNetworksThatItsOwnerNames() {
        String id = api.post(
                        DATABASES,
                        "{\"name\":\"opened\",\"type\":\"redis\",\"plan\":\"hobby\",\"region\":\"eu\",\"allowed_networks\":[\"203.0.113.0/24\",\"198.51.100.7\"]}")
                .expect(201)
                .text("/id");
        awaitStatus(id, "running");
        assertThat(instancesNamed("opened").getFirst().admitted()).containsExactly("203.0.113.0/24", "198.51.100.7/32");

        api.put(DATABASES + "/" + id, "{\"allowed_networks\":[\"192.0.2.0/25\"]}")
                .expect(200);
        messages.await(
                DatabaseUpdated.class,
                event -> event.database().toString().equals(id)
                        && List.of("192.0.2.0/25").equals(event.allowedNetworks()));
        await().until(() -> List.of("192.0.2.0/25")
                .equals(instancesNamed("opened").getLast().admitted()));
        assertThat(api.get(DATABASES + "/" + id).text("/allowed_networks/0")).isEqualTo("192.0.2.0/25");
        api.put(DATABASES + "/" + id, "{\"allowed_networks\":[]}").expect(200);
        await().until(() -> instancesNamed("opened").getLast().admitted() == null);

        assertThat(instancesNamed("opened").stream().map(InstanceSpec::instance).distinct())
                .hasSize(1);
        for (String wrong :
                List.of("10.0.0.1/24", "0.0.0.0/0", "10.0.0.0/33", "::/8", "10.1", "*", "10.0.0.1-9", "/24", "")) {
            assertThat(api.put(DATABASES + "/" + id, "{\"allowed_networks\":[\"" + wrong + "\"]}")
                            .expect(400)
                            .text("/details/fields/allowed_networks"))
                    .as(wrong)
                    .contains("CIDR");
        }
        api.put(DATABASES + "/" + id, "{\"allowed_networks\":[null]}").expect(400);
        assertThat(api.get(DATABASES + "/" + id).json().path("allowed_networks"))
                .isEmpty();
    }

    private String changePlan(String id, String plan) {
        return api.put(DATABASES + "/" + id, "{\"plan\":\"" + plan + "\"}")
                .expect(200)
                .text("/message");
    }

    @Test
    void anotherPasswordTakesThePlaceOfThePresentOneForGood() {
        String id = create("rotated", "redis");
        String before = awaitStatus(id, "running").text("/connection_url");

        api.post(DATABASES + "/" + id + "/credentials").expect(200);
        await().until(() ->
                !api.get(DATABASES + "/" + id).text("/connection_url").equals(before));

        assertThatThrownBy(() -> connect(id, before).ping()).isInstanceOf(JedisException.class);
        act(id, "restart");
        awaitStatus(id, "running");
        try (Jedis jedis = connect(id)) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void anEngineThatDiesIsAnErrorAndItsReturnHeals() {
        String id = create("mortal", "redis");
        awaitStatus(id, "running");
        InstanceSpec spec = instancesNamed("mortal").getLast();

        world.crash(spec.service());
        assertThat(awaitStatus(id, "error").text("/error_code")).isEqualTo("NOT_ANSWERING");
        messages.publish(new InstanceBecameUnhealthy(World.instance(spec), "connection refused"), spec.service());
        act(id, "restart");

        assertThat(awaitStatus(id, "running").json().has("status_reason")).isFalse();
    }

    @Test
    void aGuestThatFailsIsReplacedAfterAPauseAndTheReasonIsShown() {
        world.failGuests("unlucky", 2);
        String id = create("unlucky", "redis");

        Api.Answer wrong = awaitStatus(id, "error");
        assertThat(wrong.text("/error_code")).isEqualTo("APP_EXITED");
        assertThat(wrong.text("/status_reason")).contains("no space left");

        awaitStatus(id, "running");
        assertThat(instancesNamed("unlucky")).hasSize(3);
    }

    @Test
    void anImageThatCannotBePreparedIsAnErrorUntilItCan() {
        world.breakImage("docker.dragonflydb.io/dragonflydb/dragonfly:v1.24.0");
        String id = create("imageless", "dragonfly");

        Api.Answer wrong = awaitStatus(id, "error");
        assertThat(wrong.text("/error_code")).isEqualTo("IMAGE_UNAVAILABLE");
        assertThat(wrong.text("/status_reason")).contains("There is no such image");

        world.repairImage("docker.dragonflydb.io/dragonflydb/dragonfly:v1.24.0");
        messages.await(EnsureInstance.class, command -> command.spec().name().startsWith("imageless-"));
    }

    @Test
    void oneImageServesAllDatabasesOfItsVersion() {
        String first = create("one", "redis");
        String second = create("two", "redis");
        awaitStatus(first, "running");
        awaitStatus(second, "running");

        assertThat(messages.all(StartBuild.class).stream()
                        .filter(build -> "redis:7-alpine".equals(build.source().image())))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void deletedWithGuestVolumeAndSecrets() {
        String id = create("gone", "redis");
        awaitStatus(id, "running");
        InstanceSpec spec = instancesNamed("gone").getLast();

        api.delete(DATABASES + "/" + id).expect(200);

        api.get(DATABASES + "/" + id).expect(404);
        api.delete(DATABASES + "/" + id).expect(404);
        messages.await(RemoveVolume.class, command -> command.service().equals(spec.service()));
        messages.await(
                DatabaseDeleted.class, event -> event.database().toString().equals(id));
        await().until(() -> jdbc.sql("select count(*) from database where id = :id::uuid")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                == 0);
        assertThat(create("gone", "redis")).isNotEqualTo(id);
    }

    @Test
    void servicesOfItsProjectMayReferToItAndItOutlivesTheProject() {
        ProjectId project = new ProjectId(Ids.next());
        messages.publish(new ProjectCreated(project, owner, "shop"), project);
        await().until(() -> api.post(DATABASES, inProject("stock", project)).status() == 201);
        String id = api.get(DATABASES + "?project_id=" + project).text("/databases/0/id");

        DatabaseVariablesChanged told = messages.await(
                DatabaseVariablesChanged.class,
                event -> event.database().toString().equals(id));
        String url = secrets.open(
                told.variables().get("DATABASE_URL"), DatabaseEvent.sealedFor(told.database(), "DATABASE_URL"));
        assertThat(url).matches("rediss://default:[A-Za-z0-9]{32}@stock-[0-9a-f]{6}\\.internal:6379/0");
        assertThat(told.project()).isEqualTo(project);
        awaitStatus(id, "running");
        assertThat(instancesNamed("stock").getLast().project()).isEqualTo(project);

        api.put(DATABASES + "/" + id, "{\"name\":\"stock 2\"}").expect(200);
        messages.await(DatabaseVariablesChanged.class, event -> event.name().equals("stock 2"));
        as(new UserId(Ids.next())).post(DATABASES, inProject("spy", project)).expect(404);

        messages.publish(new ProjectDeleted(project, owner), project);
        await().until(() -> !api.get(DATABASES + "/" + id).json().has("project_id"));
        assertThat(value(id)).isNull();
    }

    @Test
    void existsForItsOwnerAlone() {
        String id = create("mine", "redis");
        Api eve = as(new UserId(Ids.next()));

        eve.get(DATABASES + "/" + id).expect(404);
        eve.put(DATABASES + "/" + id, "{\"name\":\"hers\"}").expect(404);
        eve.delete(DATABASES + "/" + id).expect(404);
        eve.post(DATABASES + "/" + id + "/action", "{\"action\":\"stop\"}").expect(404);
        eve.post(DATABASES + "/" + id + "/credentials").expect(404);
        assertThat(eve.get(DATABASES).json().path("databases")).isEmpty();
        api.get(DATABASES + "/no-uuid").expect(404);
    }

    @Test
    void badInputIsNamedAndMakesNothing() {
        Api.Answer answer = api.post(
                        DATABASES,
                        "{\"name\":\"-\",\"type\":\"oracle\",\"plan\":\"huge\",\"region\":\"EU!\",\"project_id\":\"x\"}")
                .expect(400);
        assertThat(answer.json().path("details").path("fields").propertyNames())
                .containsExactlyInAnyOrder("name", "type", "plan", "region", "project_id");
        assertThat(api.post(DATABASES, "{}")
                        .expect(400)
                        .json()
                        .path("details")
                        .path("fields")
                        .propertyNames())
                .containsExactlyInAnyOrder("name", "type", "plan", "region");
        assertThat(api.post(
                                DATABASES,
                                "{\"name\":\"a\",\"type\":\"redis\",\"plan\":\"hobby\",\"region\":\"eu\",\"version\":\"1\"}")
                        .expect(400)
                        .text("/details/fields/version"))
                .isEqualTo("must be one of 7.2");
        api.get(DATABASES + "?type=oracle").expect(400);
        api.get(DATABASES + "?status=fine").expect(400);
        api.get(DATABASES + "?page=0").expect(400);
        assertThat(api.get(DATABASES).text("/pagination/total")).isEqualTo("0");
    }

    @Test
    void namesAreUniquePerOwnerAndThereAreOnlySoMany() {
        String first = create("a", "mongodb");
        api.post(DATABASES, body("A", "redis")).expect(409);
        as(new UserId(Ids.next())).post(DATABASES, body("a", "mongodb")).expect(201);
        String second = create("b", "mongodb");
        api.put(DATABASES + "/" + second, "{\"name\":\"A\"}").expect(409);
        api.put(DATABASES + "/" + first, "{\"name\":\"A\"}").expect(200);
        create("c", "mongodb");
        create("d", "mongodb");
        api.post(DATABASES, body("e", "mongodb")).expect(409);

        Api.Answer page = api.get(DATABASES + "?type=mongodb&limit=3&page=2");
        assertThat(page.json().path("databases")).hasSize(1);
        assertThat(page.text("/databases/0/name")).isEqualTo("A");
        assertThat(page.text("/pagination/total_pages")).isEqualTo("2");
        api.post(DATABASES + "/" + first + "/action", "{\"action\":\"explode\"}")
                .expect(400);
        api.post(DATABASES + "/" + first + "/credentials").expect(409);
    }

    private String inProject(String name, ProjectId project) {
        return "{\"name\":\"%s\",\"type\":\"redis\",\"plan\":\"hobby\",\"region\":\"eu\",\"project_id\":\"%s\"}"
                .formatted(name, project);
    }

    private String value(String id) {
        try (Jedis jedis = connect(id)) {
            return jedis.get("a");
        }
    }

    private long instancesLeft(String id) {
        return jdbc.sql("select count(*) from database_instance where database_id = :id::uuid")
                .param("id", id)
                .query(Long.class)
                .single();
    }
}
