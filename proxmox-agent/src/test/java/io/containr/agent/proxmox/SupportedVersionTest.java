package io.containr.agent.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupportedVersionTest {

    @ParameterizedTest
    @ValueSource(strings = {"9.1.0", "9.1", "9.2.11", "10.0.1", "9.10.3"})
    void whatRunsImagesIsSupported(String version) {
        assertThat(SupportedVersion.isSupported(version)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.4.1", "9.0.16", "7.4-3", "", "nine"})
    void whatDoesNotIsNot(String version) {
        assertThat(SupportedVersion.isSupported(version)).isFalse();
    }
}
