package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import io.containr.contracts.database.DatabaseEvent.DatabaseVariablesChanged;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.database.World.Storage;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Databases that begin with a backup, with real Redis servers and their files. */
class ClonesIT extends DatabaseServiceTest {

    @BeforeEach
    void storageIsFine() {
        world.storage(Storage.FINE);
    }

    @Test
    void aCloneHasTheRowsOfThenAPasswordOfItsOwnAndLeavesItsOriginAlone() {
        String origin = running("origin");
        put(origin, "1");
        String backup = backedUp(origin);
        put(origin, "2");
        ProjectId project = new ProjectId(Ids.next());
        messages.publish(new ProjectCreated(project, owner, "shop"), project);

        String clone = await().until(
                        () -> api.post(
                                DATABASES,
                                clone("copy", "redis", "hobby", backup, ",\"project_id\":\"" + project + "\"")),
                        answer -> answer.status() == 201)
                .text("/id");

        Api.Answer running = awaitStatus(clone, "running");
        messages.await(
                DatabaseRestored.class, event -> event.database().toString().equals(clone));
        assertThat(get(clone)).isEqualTo("1");
        assertThat(get(origin)).isEqualTo("2");
        assertThat(running.text("/version")).isEqualTo("7.2");
        assertThat(running.text("/private_domain")).startsWith("copy-");
        String url = running.text("/connection_url");
        assertThat(password(url)).isNotEqualTo(password(url(origin)));
        DatabaseVariablesChanged first = messages.await(
                DatabaseVariablesChanged.class,
                event -> event.database().toString().equals(clone));
        assertThat(secrets.open(
                        first.variables().get("DATABASE_PASSWORD"),
                        DatabaseEvent.sealedFor(first.database(), "DATABASE_PASSWORD")))
                .isEqualTo(password(url));

        act(clone, "restart");
        awaitStatus(clone, "running");
        assertThat(get(clone)).isEqualTo("1");
        assertThat(password(url(clone))).isEqualTo(password(url));
        assertThat(messages.all(RemoveVolume.class))
                .noneMatch(command -> command.service().equals(volume("copy")));
    }

    @Test
    void theBackupOfADatabaseThatIsGoneIsEnough() {
        String origin = running("late");
        put(origin, "1");
        String backup = backedUp(origin);
        api.delete(DATABASES + "/" + origin).expect(200);
        api.get(DATABASES + "/" + origin).expect(404);

        String clone = api.post(DATABASES, clone("late", "redis", "starter", backup, ""))
                .expect(201)
                .text("/id");

        awaitStatus(clone, "running");
        assertThat(get(clone)).isEqualTo("1");
    }

    @Test
    void aCloneThatCannotBeRestoredSaysWhyAndLeavesNoVolume() {
        String backup = backedUp(running("whole"));
        world.storage(Storage.UNREADABLE);

        String clone = api.post(DATABASES, clone("broken", "redis", "hobby", backup, ""))
                .expect(201)
                .text("/id");

        Api.Answer lost = awaitStatus(clone, "error");
        assertThat(lost.text("/error_code")).isEqualTo("RESTORE_FAILED");
        assertThat(lost.text("/status_reason")).isEqualTo("unable to read the archive");
        ServiceId volume = messages.await(
                        RestoreVolume.class,
                        command -> command.backup().toString().equals(backup))
                .service();
        messages.await(RemoveVolume.class, command -> command.service().equals(volume));
        messages.await(
                DatabaseRestoreFailed.class,
                event -> event.database().toString().equals(clone));
        for (String action : new String[] {"start", "stop", "restart"}) {
            api.post(DATABASES + "/" + clone + "/action", "{\"action\":\"" + action + "\"}")
                    .expect(409);
        }
        api.put(DATABASES + "/" + clone, "{\"plan\":\"starter\"}").expect(409);
        assertThat(api.get(DATABASES + "/" + clone).text("/status_reason")).isEqualTo("unable to read the archive");
        assertThat(messages.all(EnsureInstance.class))
                .noneMatch(command -> command.spec().service().equals(volume));
        api.delete(DATABASES + "/" + clone).expect(200);
        api.get(DATABASES + "/" + clone).expect(404);
    }

    @Test
    void aCloneThatItsEngineCannotReadSaysWhyAndLeavesNothing() {
        String backup = backedUp(running("fine"));
        world.storage(Storage.DAMAGED);

        String clone = api.post(DATABASES, clone("damaged", "redis", "hobby", backup, ""))
                .expect(201)
                .text("/id");

        assertThat(awaitStatus(clone, "error").text("/error_code")).isEqualTo("NOT_ANSWERING");
        messages.await(RemoveVolume.class, command -> command.service().equals(volume("damaged")));
        await().until(() -> jdbc.sql("select count(*) from database_instance where database_id = :id::uuid")
                        .param("id", clone)
                        .query(Long.class)
                        .single()
                == 0);
        assertThat(instancesNamed("damaged")).hasSize(1);
        assertThat(api.get(DATABASES + "/" + clone).json().has("connection_url"))
                .isFalse();
    }

    @Test
    void aBackupIsNotTakenAwayWhileItIsBeingRestored() {
        String origin = running("busy");
        String backup = backedUp(origin);
        world.storage(Storage.SILENT);
        String clone = api.post(DATABASES, clone("waiting", "redis", "hobby", backup, ""))
                .expect(201)
                .text("/id");
        messages.await(
                RestoreVolume.class, command -> command.backup().toString().equals(backup));
        world.storage(Storage.FINE);

        backedUp(origin);
        backedUp(origin);

        assertThat(messages.all(DeleteBackup.class))
                .noneMatch(command -> command.backup().toString().equals(backup));
        assertThat(api.get(DATABASES + "/" + clone).text("/status")).isEqualTo("building");
        api.delete(DATABASES + "/" + clone).expect(200);
        await().until(() -> jdbc.sql("select count(*) from database where id = :id::uuid")
                        .param("id", clone)
                        .query(Long.class)
                        .single()
                == 0);
        backedUp(origin);
        messages.await(
                DeleteBackup.class, command -> command.backup().toString().equals(backup));
    }

    @Test
    void whatDoesNotFitTheBackupIsNamedAndMakesNothing() {
        String origin = create("grown", "redis");
        awaitStatus(origin, "running");
        api.put(DATABASES + "/" + origin, "{\"plan\":\"starter\"}").expect(200);
        awaitStatus(origin, "running");
        String backup = backedUp(origin);

        assertThat(api.post(DATABASES, clone("x", "mongodb", "hobby", backup, ",\"version\":\"7.0\""))
                        .expect(400)
                        .json()
                        .at("/details/fields")
                        .propertyNames())
                .containsExactlyInAnyOrder("type", "version", "plan");
        assertThat(api.post(DATABASES, clone("x", "redis", "starter", "nonsense", ""))
                        .expect(400)
                        .json()
                        .at("/details/fields")
                        .propertyNames())
                .containsExactly("backup_id");
        api.post(DATABASES, clone("x", "redis", "starter", Ids.next().toString(), ""))
                .expect(404);
        api.post(DATABASES, clone("grown", "redis", "starter", backup, "")).expect(409);
        as(new UserId(Ids.next()))
                .post(DATABASES, clone("x", "redis", "starter", backup, ""))
                .expect(404);
        world.storage(Storage.SILENT);
        String unfinished =
                api.post(DATABASES + "/" + origin + "/backup").expect(201).text("/backup_id");
        api.post(DATABASES, clone("x", "redis", "starter", unfinished, "")).expect(409);

        assertThat(api.get(DATABASES).text("/pagination/total")).isEqualTo("1");
    }

    private static String clone(String name, String type, String plan, String backup, String more) {
        return "{\"name\":\"%s\",\"type\":\"%s\",\"plan\":\"%s\",\"region\":\"eu\",\"backup_id\":\"%s\"%s}"
                .formatted(name, type, plan, backup, more);
    }

    private String running(String name) {
        String id = create(name, "redis");
        awaitStatus(id, "running");
        return id;
    }

    private String backedUp(String id) {
        String backup = api.post(DATABASES + "/" + id + "/backup").expect(201).text("/backup_id");
        await("backup")
                .atMost(Duration.ofSeconds(20))
                .until(() -> api.get(DATABASES + "/" + id)
                        .text("/backups/backups/0/status")
                        .equals("completed"));
        return backup;
    }

    /** Of the newest instance. */
    private ServiceId volume(String name) {
        return instancesNamed(name).getLast().service();
    }

    private void put(String id, String value) {
        try (Jedis jedis = connect(id)) {
            jedis.set("a", value);
        }
    }

    private String get(String id) {
        try (Jedis jedis = connect(id)) {
            return jedis.get("a");
        }
    }

    private String url(String id) {
        return api.get(DATABASES + "/" + id).text("/connection_url");
    }

    private static String password(String url) {
        return URI.create(url).getUserInfo().split(":")[1];
    }
}
