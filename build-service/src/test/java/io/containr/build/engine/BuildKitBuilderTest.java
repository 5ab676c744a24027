package io.containr.build.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildKitBuilderTest {

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "HOME", "LD_PRELOAD", "DOCKER_HOST", "BUILDKIT_HOST", "https_proxy", "GODEBUG"})
    void namesThatSteerTheClientAreKeptOutOfItsEnvironment(String name) {
        assertThat(BuildKitBuilder.isClientVariable(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VERSION", "NPM_TOKEN", "PATHS", "MY_HOME"})
    void othersAreNot(String name) {
        assertThat(BuildKitBuilder.isClientVariable(name)).isFalse();
    }
}
