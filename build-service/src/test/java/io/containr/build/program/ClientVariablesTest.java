package io.containr.build.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientVariablesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "HOME",
                "LD_PRELOAD",
                "DOCKER_HOST",
                "BUILDKIT_HOST",
                "https_proxy",
                "GODEBUG",
                "GIT_SSH_COMMAND",
                "MISE_DATA_DIR",
                "BASH_ENV"
            })
    void namesThatSteerTheClientAreKeptOutOfItsEnvironment(String name) {
        assertThat(ClientVariables.contains(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VERSION", "NPM_TOKEN", "PATHS", "MY_HOME", "GIT_TOKEN"})
    void othersAreNot(String name) {
        assertThat(ClientVariables.contains(name)).isFalse();
    }
}
