package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.agent.InstanceMeasured;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.Ids;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** What is shown of a database's use: what was measured and told of late, and nothing else. */
class MetricsIT extends DatabaseServiceTest {

    private static final long MEBIBYTE = 1024 * 1024;

    @Test
    void whatHypervisorAndEngineTellIsShownWhileItIsFresh() {
        String id = create("busy", "redis");
        awaitStatus(id, "running");
        InstanceSpec spec = instancesNamed("busy").getLast();
        try (Jedis first = connect(id);
                Jedis second = connect(id)) {
            first.set("a", "1");
            second.ping();
            await().until(() -> metrics(id).path("connections").asInt() == 2);
        }
        assertThat(metrics(id).has("cpu")).isFalse();
        await().until(() -> metrics(id).path("storage_bytes").asLong() > 0);

        Instant now = Instant.now();
        measure(spec, spec.instance(), now, 0.25);
        JsonNode shown = await().until(() -> metrics(id), metrics -> metrics.has("cpu"));
        measure(spec, spec.instance(), now.minusSeconds(1), 0.5);
        measure(spec, new InstanceId(Ids.next()), now, 0.75);

        assertThat(shown.path("cpu").asDouble()).isEqualTo(25);
        assertThat(shown.path("memory").asDouble()).isEqualTo(50);
        assertThat(shown.path("memory_bytes").asLong()).isEqualTo(512 * MEBIBYTE);
        assertThat(shown.path("network_in").asDouble()).isEqualTo(1000);
        assertThat(shown.path("network_out").asDouble()).isEqualTo(2000.5);
        assertThat(shown.path("disk_read").asDouble()).isZero();
        assertThat(shown.propertyNames()).doesNotContain("disk_write", "read_iops", "write_iops");
        await("what is old is not known").until(() -> !metrics(id).has("cpu"));
        assertThat(metrics(id).has("connections")).isTrue();
        assertThat(jdbc.sql("select cpus from database_measurement where instance_id = :id")
                        .param("id", spec.instance().value())
                        .query(Double.class)
                        .single())
                .isEqualTo(0.25);

        act(id, "stop");
        awaitStatus(id, "stopped");
        assertThat(api.get(DATABASES + "/" + id).json().has("metrics")).isFalse();
    }

    private void measure(InstanceSpec spec, InstanceId instance, Instant at, double cpus) {
        messages.publish(
                new InstanceMeasured(instance, spec.service(), at, cpus, 512 * MEBIBYTE, 1000.0, 2000.5, 0.0, null),
                spec.service());
    }

    private JsonNode metrics(String id) {
        return api.get(DATABASES + "/" + id).json().path("metrics");
    }
}
