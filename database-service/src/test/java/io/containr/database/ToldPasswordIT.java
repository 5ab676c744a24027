package io.containr.database;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import io.containr.database.World.Storage;
import io.containr.testing.Api;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is told its password with each start, and not by its data, has the present one whatever it is made of. */
class ToldPasswordIT extends DatabaseServiceTest {

    @TempDir
    private Path directory;

    private final List<WireMockServer> engines = new ArrayList<>();

    @Test
    void whatGoesBackAndWhatIsClonedStartWithTheirOwnPassword() throws Exception {
        try {
            world.storage(Storage.SILENT);
            String id = create("columns", "clickhouse");
            serve(1);
            String first = password(awaitStatus(id, "running"));
            String backup =
                    api.post(DATABASES + "/" + id + "/backup").expect(201).text("/backup_id");
            BackUpVolume asked = messages.await(
                    BackUpVolume.class, command -> command.backup().toString().equals(backup));
            messages.publish(
                    new VolumeBackedUp(asked.backup(), asked.service(), "pve1", "local:backup/c", 1, Instant.now()),
                    asked.service());
            await().until(() -> api.get(DATABASES + "/" + id)
                    .text("/backups/backups/0/status")
                    .equals("completed"));
            api.post(DATABASES + "/" + id + "/credentials").expect(200);
            serve(2);
            String second = password(awaitStatus(id, "running"));
            assertThat(second).isNotEqualTo(first);

            api.post(DATABASES + "/" + id + "/restore", "{\"backup_id\":\"" + backup + "\"}")
                    .expect(200);
            InstanceSpec back = arrive(asked.backup(), asked.service());
            assertThat(world.variable(back, "CLICKHOUSE_PASSWORD")).isEqualTo(second);
            healthy(back);
            messages.await(
                    DatabaseRestored.class, event -> event.database().toString().equals(id));
            assertThat(password(awaitStatus(id, "running"))).isEqualTo(second);
            assertThat(jdbc.sql("select next_password is null from database where id = :id::uuid")
                            .param("id", id)
                            .query(Boolean.class)
                            .single())
                    .isTrue();

            String clone = api.post(
                            DATABASES,
                            body("columns 2", "clickhouse").replace("}", ",\"backup_id\":\"" + backup + "\"}"))
                    .expect(201)
                    .text("/id");
            InstanceSpec cloned = arrive(asked.backup(), back.service());
            assertThat(world.variable(cloned, "CLICKHOUSE_PASSWORD")).isNotIn(first, second);
            healthy(cloned);
            assertThat(password(awaitStatus(clone, "running")))
                    .isEqualTo(world.variable(cloned, "CLICKHOUSE_PASSWORD"));
        } finally {
            engines.forEach(WireMockServer::stop);
            world.storage(Storage.FINE);
        }
    }

    /** The restored volume is there; returns the instance that is asked for it. */
    private InstanceSpec arrive(BackupId backup, ServiceId before) {
        ServiceId volume = messages.await(
                        RestoreVolume.class,
                        command -> command.backup().equals(backup)
                                && !command.service().equals(before))
                .service();
        messages.publish(new VolumeRestored(backup, volume), volume);
        return messages.await(
                        EnsureInstance.class,
                        command -> command.spec().service().equals(volume))
                .spec();
    }

    private void serve(int instances) throws Exception {
        await().until(() -> instancesNamed("columns").size() == instances);
        healthy(instancesNamed("columns").getLast());
    }

    private void healthy(InstanceSpec spec) throws Exception {
        WireMockServer engine =
                TlsEngine.start(directory, world.variable(spec, "TLS_CERTIFICATE"), world.variable(spec, "TLS_KEY"));
        engines.add(engine);
        engine.stubFor(any(anyUrl()).willReturn(aResponse().withBody("1\n")));
        messages.publish(
                new InstanceBecameHealthy(World.instance(spec), "127.0.0.1", engine.httpsPort(), Map.of()),
                spec.service());
    }

    private static String password(Api.Answer database) {
        return URI.create(database.text("/connection_url")).getUserInfo().split(":")[1];
    }
}
