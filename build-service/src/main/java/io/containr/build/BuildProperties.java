package io.containr.build;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of build-service.
 *
 * @param concurrency how many builds this process runs at once
 * @param timeout how long one build may take, all of it
 * @param workDirectory where sources are checked out while they are built
 * @param localSources the directory below which a {@code source_path} may lie; null: none is allowed
 * @param dockerHost the engine, such as {@code unix:///var/run/docker.sock}
 * @param dockerCli the client used for Dockerfiles that need BuildKit; null: one on the PATH that can
 * @param railpack railpack's program; null: one on the PATH
 * @param railpackFrontend image of railpack's frontend; without a tag, that of the program's version
 * @param nixpacks nixpacks' program; null: one on the PATH
 * @param retryDelay how long a builder's program that failed for now is left alone; doubles each time
 * @param registry {@code host:port} of the registry that images are pushed to
 * @param registryInsecure whether that registry speaks plain HTTP
 * @param registryPasswordFile a file with the password of {@code registryUsername}
 * @param logLimit what is kept of one build's output
 */
@Validated
@ConfigurationProperties(prefix = "containr.build", ignoreUnknownFields = false)
public record BuildProperties(
        @Min(1) @Max(64) @DefaultValue("2") int concurrency,
        @NotNull @DefaultValue("15m") Duration timeout,
        @NotNull Path workDirectory,
        @Nullable Path localSources,

        @NotNull @DefaultValue("unix:///var/run/docker.sock")
        URI dockerHost,

        @Nullable Path dockerCli,
        @Nullable Path railpack,

        @Pattern(regexp = "[a-z0-9][A-Za-z0-9._:/@-]*") @DefaultValue("ghcr.io/railwayapp/railpack-frontend")
        String railpackFrontend,

        @Nullable Path nixpacks,
        @NotNull @DefaultValue("2s") Duration retryDelay,

        @Pattern(regexp = "[A-Za-z0-9.-]+(:[0-9]{1,5})?") @DefaultValue("127.0.0.1:8111")
        String registry,

        @DefaultValue("true") boolean registryInsecure,
        @Nullable String registryUsername,
        @Nullable Path registryPasswordFile,
        @NotNull @DefaultValue("8MB") DataSize logLimit,

        @Valid @DefaultValue Limits limits,
        @Valid @DefaultValue Git git,
        @Valid @DefaultValue Polling polling,
        @Valid @DefaultValue Images images,
        @Valid @DefaultValue Cleanup cleanup) {

    /**
     * What the commands of one Dockerfile may use.
     *
     * @param cpuMillis thousandths of a CPU
     */
    public record Limits(
            @Min(50) @DefaultValue("2000") int cpuMillis,
            @NotNull @DefaultValue("2GB") DataSize memory) {}

    /**
     * Limits of a clone.
     *
     * @param maxSize of the objects fetched, and of the files checked out
     * @param allowedPrivateHosts {@code host} or {@code host:port} that may be fetched from although their addresses are private
     * @param sshDirectory keys and {@code known_hosts} for ssh; null: no ssh
     */
    public record Git(
            @NotNull @DefaultValue("2m") Duration timeout,
            @NotNull @DefaultValue("500MB") DataSize maxSize,
            @Min(1) @DefaultValue("100000") int maxFiles,
            @DefaultValue Set<String> allowedPrivateHosts,
            @Nullable Path sshDirectory) {}

    /**
     * How the branches of services that pushes deploy are looked at, for pushes whose delivery was missed.
     *
     * @param interval how often each is; give or take a tenth
     * @param longestInterval how seldom one whose looks fail again and again is
     * @param grace how long a delivery is waited for once a head has moved
     * @param timeout how long a server may take to name a head
     * @param concurrency how many are looked at at once by this process
     */
    public record Polling(
            @NotNull @DurationMin(millis = 100) @DefaultValue("5m")
            Duration interval,

            @NotNull @DurationMin(millis = 100) @DefaultValue("1h")
            Duration longestInterval,

            @NotNull @DurationMin(millis = 100) @DefaultValue("1m")
            Duration grace,

            @NotNull @DurationMin(millis = 100) @DefaultValue("30s")
            Duration timeout,

            @Min(1) @Max(64) @DefaultValue("2") int concurrency) {}

    /**
     * Images that users name.
     *
     * @param maxSize sum of the compressed layers
     * @param allowedPrivateHosts registries, as {@code host:port}, that may be read although their addresses are private
     * @param insecureRegistries those of them that may speak plain HTTP
     */
    public record Images(
            @NotNull @DefaultValue("10GB") DataSize maxSize,
            @DefaultValue Set<String> allowedPrivateHosts,
            @DefaultValue Set<String> insecureRegistries) {}

    /**
     * When leftovers go.
     *
     * @param grace how long an image stays that no release retains, so that one just built is not lost
     * @param layerCache how long a service's last image stays in the engine for the next build's sake
     * @param keptTags how many tags of one name stay in the registry of those that builds without a service gave
     */
    public record Cleanup(
            @NotNull @DefaultValue("15m") Duration grace,
            @NotNull @DefaultValue("7d") Duration layerCache,
            @Min(1) @DefaultValue("20") int keptTags) {}
}
