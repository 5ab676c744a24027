package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What of a command a platform that runs already cannot give. */
class PlatformOptionsTest {

    @Test
    void whatThePlatformWasStartedWithIsNotMissing() {
        PlatformOptions asked =
                options("--allow-private-git", "127.0.0.1", "--processes", "--local-postgresql", "--class-cache");

        assertThat(asked.missingFrom(asked.arguments())).isEmpty();
        assertThat(asked.missingFrom(options("--allow-private-git", "127.0.0.1", "--processes", "--local-postgresql")
                        .arguments()))
                .as("a cache can be made next time")
                .isEmpty();
        assertThat(options(asked.arguments().toArray(String[]::new)).classCache())
                .isTrue();
        assertThat(options().missingFrom(asked.arguments())).isEmpty();
    }

    @Test
    void whatItWasStartedWithoutIsNamed() {
        PlatformOptions asked = options(
                "--allow-private-git",
                "127.0.0.1,git.lan",
                "--allow-private-registry",
                "registry.lan:5000",
                "--processes",
                "--local-postgresql");

        assertThat(asked.missingFrom(List.of("--bind", "127.0.0.1", "--allow-private-git", "git.lan")))
                .isEqualTo(
                        "--allow-private-git 127.0.0.1 --allow-private-registry registry.lan:5000 --processes --local-postgresql");
        assertThat(options("--bind", "0.0.0.0").missingFrom(options().arguments()))
                .isEqualTo("--bind 0.0.0.0");
    }

    private static PlatformOptions options(String... arguments) {
        return CommandLine.populateCommand(new PlatformOptions(), arguments);
    }
}
