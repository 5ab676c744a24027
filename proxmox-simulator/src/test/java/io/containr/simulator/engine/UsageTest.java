package io.containr.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class UsageTest {

    @Test
    void ofTheFirstGenerationOfControlGroupsThePageCacheIsTakenOffOnce() throws IOException {
        assertThat(memory("{\"usage\": 93, \"stats\": {\"inactive_file\": 50, \"total_inactive_file\": 50}}"))
                .isEqualTo(43);
    }

    @Test
    void ofTheSecondToo() throws IOException {
        assertThat(memory("{\"usage\": 93, \"stats\": {\"inactive_file\": 50}}"))
                .isEqualTo(43);
    }

    @Test
    void whatTheEngineDoesNotTellIsNothing() throws IOException {
        assertThat(memory("{\"usage\": 93}")).isEqualTo(93);
        assertThat(memory("{\"usage\": 93, \"stats\": {}}")).isEqualTo(93);
        assertThat(memory("{}")).isZero();
    }

    private static long memory(String told) throws IOException {
        return Usage.of(DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .build()
                        .getObjectMapper()
                        .readValue("{\"memory_stats\": " + told + "}", Statistics.class))
                .memory();
    }
}
