package io.containr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class BuildPropertiesTest {

    @Test
    void everySettingHasItsDefault() {
        BuildProperties properties = Settings.of(Map.of());

        assertThat(properties)
                .isEqualTo(new BuildProperties(
                        2,
                        Duration.ofMinutes(15),
                        Path.of("/nonexistent/work"),
                        null,
                        URI.create("unix:///var/run/docker.sock"),
                        null,
                        null,
                        "ghcr.io/railwayapp/railpack-frontend",
                        null,
                        Duration.ofSeconds(2),
                        "127.0.0.1:8111",
                        true,
                        null,
                        null,
                        DataSize.ofMegabytes(8),
                        new BuildProperties.Limits(2000, DataSize.ofGigabytes(2)),
                        new BuildProperties.Git(
                                Duration.ofMinutes(2), DataSize.ofMegabytes(500), 100_000, Set.of(), null),
                        new BuildProperties.Polling(
                                Duration.ofMinutes(5),
                                Duration.ofHours(1),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(30),
                                2),
                        new BuildProperties.Images(DataSize.ofGigabytes(10), Set.of(), Set.of()),
                        new BuildProperties.Cleanup(Duration.ofMinutes(15), Duration.ofDays(7), 20)));
    }

    @Test
    void everySettingIsRead() {
        BuildProperties properties = Settings.of(Map.ofEntries(
                Map.entry("concurrency", "4"),
                Map.entry("timeout", "1m"),
                Map.entry("local-sources", "/srv"),
                Map.entry("docker-host", "tcp://engine:2375"),
                Map.entry("docker-cli", "/usr/bin/docker"),
                Map.entry("railpack", "/opt/railpack"),
                Map.entry("railpack-frontend", "registry.example/frontend:v1"),
                Map.entry("nixpacks", "/opt/nixpacks"),
                Map.entry("retry-delay", "1s"),
                Map.entry("registry", "registry.example:5000"),
                Map.entry("registry-insecure", "false"),
                Map.entry("registry-username", "builder"),
                Map.entry("registry-password-file", "/run/password"),
                Map.entry("log-limit", "1MB"),
                Map.entry("limits.cpu-millis", "500"),
                Map.entry("limits.memory", "512MB"),
                Map.entry("git.timeout", "10s"),
                Map.entry("git.max-size", "10MB"),
                Map.entry("git.max-files", "10"),
                Map.entry("git.allowed-private-hosts", "git.lan:3000,10.0.0.7"),
                Map.entry("git.ssh-directory", "/etc/containr/ssh"),
                Map.entry("polling.interval", "1m"),
                Map.entry("polling.longest-interval", "2h"),
                Map.entry("polling.grace", "10s"),
                Map.entry("polling.timeout", "5s"),
                Map.entry("polling.concurrency", "4"),
                Map.entry("images.max-size", "1GB"),
                Map.entry("images.allowed-private-hosts", "registry.lan:5000"),
                Map.entry("images.insecure-registries", "registry.lan:5000"),
                Map.entry("cleanup.grace", "1m"),
                Map.entry("cleanup.layer-cache", "1d"),
                Map.entry("cleanup.kept-tags", "3")));

        assertThat(properties)
                .isEqualTo(new BuildProperties(
                        4,
                        Duration.ofMinutes(1),
                        Path.of("/nonexistent/work"),
                        Path.of("/srv"),
                        URI.create("tcp://engine:2375"),
                        Path.of("/usr/bin/docker"),
                        Path.of("/opt/railpack"),
                        "registry.example/frontend:v1",
                        Path.of("/opt/nixpacks"),
                        Duration.ofSeconds(1),
                        "registry.example:5000",
                        false,
                        "builder",
                        Path.of("/run/password"),
                        DataSize.ofMegabytes(1),
                        new BuildProperties.Limits(500, DataSize.ofMegabytes(512)),
                        new BuildProperties.Git(
                                Duration.ofSeconds(10),
                                DataSize.ofMegabytes(10),
                                10,
                                Set.of("git.lan:3000", "10.0.0.7"),
                                Path.of("/etc/containr/ssh")),
                        new BuildProperties.Polling(
                                Duration.ofMinutes(1),
                                Duration.ofHours(2),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(5),
                                4),
                        new BuildProperties.Images(
                                DataSize.ofGigabytes(1), Set.of("registry.lan:5000"), Set.of("registry.lan:5000")),
                        new BuildProperties.Cleanup(Duration.ofMinutes(1), Duration.ofDays(1), 3)));
    }
}
