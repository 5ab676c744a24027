package io.containr.agent;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Every setting of the agent.
 *
 * @param regions names of regions to names of nodes; a node may be in several
 * @param operatorTokenFile what proves an operator, made at first start; null: operators can ask for nothing
 * @param concurrency instances worked on at once
 */
@Validated
@ConfigurationProperties("containr.agent")
public record AgentProperties(
        @NotNull @Valid Proxmox proxmox,
        @NotNull @Valid @DefaultValue Guests guests,
        @NotNull @Valid Network network,
        @NotNull @Valid Intake intake,
        @DefaultValue Map<String, @NotEmpty(message = "a region needs a node") List<@NotBlank String>> regions,
        @Nullable Path operatorTokenFile,
        @NotNull @Valid @DefaultValue Timeouts timeouts,
        @NotNull @Valid @DefaultValue Watch watch,
        @Min(1) @Max(256) @DefaultValue("32") int concurrency) {

    /**
     * How to reach the API. Without fingerprint and CA the JVM's own trusted authorities decide.
     *
     * @param url such as {@code https://pve1:8006}
     * @param tokenFile holds {@code user@realm!tokenid=uuid}, nothing else
     * @param fingerprint SHA-256 of the server's certificate, hex with or without colons
     * @param caFile PEM of the authorities that may have signed it
     */
    public record Proxmox(
            @NotNull URI url,
            @NotNull Path tokenFile,
            @Nullable String fingerprint,
            @Nullable Path caFile,
            @NotNull @DefaultValue("5s") Duration connectTimeout,
            @NotNull @DefaultValue("40s") Duration readTimeout) {}

    /**
     * What guests are made of, and which are ours.
     *
     * @param pool the agent's rights end with it
     * @param tag every guest of ours carries it; lower case
     * @param templateStorage where images are pulled to; must take {@code vztmpl}
     * @param rootStorage where root disks lie
     * @param backupStorage where backups of volumes go
     * @param nameservers written into guests
     * @param firewall whether guests get firewalls; they have an effect where the datacenter's is on
     * @param tasksPerNode guests that are created or started on a node at once; it has no limit of its own
     * @param uploadImages whether images are fetched by the agent and sent to the nodes, which then need no way to the registry
     * @param insecureRegistries {@code host:port} of those that the agent may ask without TLS for images that it uploads
     * @param exitsBeforeFailed how often an application may end before it was ever healthy
     * @param steady how long an application that listens nowhere must have run to count as healthy
     */
    public record Guests(
            @NotBlank @DefaultValue("containr") String pool,
            @NotBlank @DefaultValue("containr") String tag,
            @Min(100) @DefaultValue("10000") int firstVmid,
            @Max(999_999_999) @DefaultValue("19999") int lastVmid,
            @NotBlank @DefaultValue("local") String templateStorage,
            @NotBlank @DefaultValue("local-lvm") String rootStorage,
            @NotBlank @DefaultValue("local") String backupStorage,
            @NotNull @DefaultValue("1.1.1.1") List<String> nameservers,
            @DefaultValue("true") boolean firewall,
            @Min(1) @DefaultValue("4") int tasksPerNode,
            @DefaultValue("false") boolean uploadImages,
            @DefaultValue List<String> insecureRegistries,
            @NotNull @DefaultValue("8MB") DataSize logBuffer,
            @Min(1) @DefaultValue("3") int exitsBeforeFailed,
            @NotNull @DefaultValue("2s") Duration steady) {

        @AssertTrue(message = "first-vmid must not lie above last-vmid")
        boolean isRangeNotEmpty() {
            return firstVmid <= lastVmid;
        }
    }

    /**
     * Where guests are on the network; the addresses are the agent's alone to give away.
     *
     * @param cidr such as {@code 10.77.0.0/16}
     * @param gateway inside of it, never given away
     * @param firstAddress of those given away, null: the second of the range
     * @param lastAddress null: the last but one
     * @param quarantine how long a freed address rests before it is given away again
     * @param trusted addresses and CIDRs from which gateway, agent and database-service call guests; none: the gateway above
     * @param denied addresses and CIDRs that guests may not call, besides those of the nodes and of this machine
     * @param reachable {@code address:port} of what guests may call though it is denied
     */
    public record Network(
            @NotBlank @DefaultValue("vmbr0") String bridge,
            @NotBlank String cidr,
            @NotBlank String gateway,
            @Nullable String firstAddress,
            @Nullable String lastAddress,
            @NotNull @DefaultValue("60s") Duration quarantine,
            @DefaultValue List<String> trusted,
            @DefaultValue List<String> denied,

            @DefaultValue
            List<@Pattern(regexp = "[^:\\s]+:\\d{1,5}", message = "must be address:port") String> reachable) {}

    /**
     * Where guests call.
     *
     * @param bind address to listen on
     * @param port 0: any free one
     * @param advertised {@code host} as guests reach it, null: the network's gateway
     * @param certificateFile made at first start, with its key
     * @param connections at most at once
     */
    public record Intake(
            @NotBlank @DefaultValue("0.0.0.0") String bind,
            @Min(0) @Max(65535) @DefaultValue("8108") int port,
            @Nullable String advertised,
            @NotNull Path certificateFile,
            @Min(1) @DefaultValue("4096") int connections) {}

    /**
     * How long each part may take before it counts as failed.
     *
     * @param locked how long a backup waits for a guest that something else holds
     */
    public record Timeouts(
            @NotNull @DefaultValue("15s") Duration place,
            @NotNull @DefaultValue("10m") Duration pull,
            @NotNull @DefaultValue("5m") Duration create,
            @NotNull @DefaultValue("2m") Duration start,
            @NotNull @DefaultValue("10m") Duration task,
            @NotNull @DefaultValue("10m") Duration locked) {}

    /**
     * Looking after what runs.
     *
     * @param interval between two looks at everything that runs
     * @param probeTimeout of one health check
     * @param failures in a row before an instance counts as unhealthy
     * @param nodeGrace how long a node may be away before its instances count as lost
     * @param orphanGrace how long a guest of ours without an owner is left alone
     * @param imageGrace how long an image nobody needs stays on its node
     * @param cleanupInterval between two searches for orphans and unused images
     * @param names between two looks at what others changed of the names by which guests reach each other
     * @param usage between two looks at what guests with volumes use
     * @param removedKept how long it is remembered that an instance was removed
     */
    public record Watch(
            @NotNull @DefaultValue("5s") Duration interval,
            @NotNull @DefaultValue("2s") Duration probeTimeout,
            @Min(1) @DefaultValue("3") int failures,
            @NotNull @DefaultValue("2m") Duration nodeGrace,
            @NotNull @DefaultValue("10m") Duration orphanGrace,
            @NotNull @DefaultValue("10m") Duration imageGrace,
            @NotNull @DefaultValue("60s") Duration cleanupInterval,
            @NotNull @DefaultValue("2s") Duration names,
            @NotNull @DefaultValue("60s") Duration usage,
            @NotNull @DefaultValue("14d") Duration removedKept) {}
}
