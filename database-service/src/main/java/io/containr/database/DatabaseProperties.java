package io.containr.database;

import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Engine;
import io.containr.database.catalogue.Plan;
import io.containr.database.catalogue.PlanSize;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
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
 * Settings of database-service.
 *
 * @param concurrency how many databases this process looks at at once
 * @param databasesPerOwner more is a 409
 * @param regions those a database may be placed in, as the agent knows them; empty: any name is taken, and placement is free
 * @param rootDisk of a database's guest, beside its volume
 * @param sweep how often every database is looked at, whatever was heard of it
 */
@Validated
@ConfigurationProperties(prefix = "containr.database", ignoreUnknownFields = false)
public record DatabaseProperties(
        @Min(1) @Max(256) @DefaultValue("8") int concurrency,
        @Min(1) @DefaultValue("50") int databasesPerOwner,
        @DefaultValue List<String> regions,
        @NotNull @DefaultValue("4GB") DataSize rootDisk,
        @NotNull @DefaultValue("30s") Duration sweep,
        @NotEmpty Map<Plan, @Valid PlanSize> plans,
        @NotEmpty Map<DatabaseType, @Valid Engine> engines,
        @Valid @DefaultValue Images images,
        @Valid @DefaultValue Backups backups,
        @Valid @DefaultValue Wal wal,
        @Valid @DefaultValue Metrics metrics,
        @Valid @DefaultValue Patience patience) {

    /**
     * @param freshFor how long a prepared image serves new databases before its tag is looked at again
     * @param preparation how long preparing one may take
     */
    public record Images(
            @NotNull @DefaultValue("24h") Duration freshFor,
            @NotNull @DefaultValue("30m") Duration preparation) {}

    /**
     * Backups of every database.
     *
     * @param enabled whether they are taken by schedule
     * @param schedule five fields of crontab, in UTC
     * @param spread within which the databases come after it, each at its own time
     * @param retention how many completed ones of a database are kept
     * @param drills whether each that the schedule took is restored and looked at
     * @param keptAfterDeletion how long those of a deleted database are kept
     * @param patience how long one may be in progress
     * @param look between two looks at what is due
     * @param archives the folder of archives as this machine sees it, with {@code {node}} and {@code {storage}} for the hypervisor's names;
     *     null: it does not, and there are neither checksums nor copies
     * @param archiveRetry between two looks at archives that could not be read or copied
     * @param copies where a copy of each archive goes; null: nowhere
     */
    public record Backups(
            @DefaultValue("true") boolean enabled,
            @NotNull @DefaultValue("0 3 * * *") String schedule,
            @NotNull @DefaultValue("30m") Duration spread,
            @Min(1) @Max(1000) @DefaultValue("7") int retention,
            @DefaultValue("true") boolean drills,
            @NotNull @DefaultValue("7d") Duration keptAfterDeletion,
            @NotNull @DefaultValue("6h") Duration patience,
            @NotNull @DefaultValue("30s") Duration look,
            @Nullable String archives,
            @NotNull @DefaultValue("1m") Duration archiveRetry,
            @Valid @Nullable Copies copies) {}

    /**
     * An S3-compatible store.
     *
     * @param endpoint null: Amazon's of the region
     * @param region as requests are signed for
     * @param bucket that exists
     * @param prefix of the keys in it
     * @param credentialsFile as Amazon's tools write it, with a profile {@code default}
     * @param pathStyle whether the bucket is named in the path, not as a host
     */
    public record Copies(
            @Nullable URI endpoint,
            @NotBlank @DefaultValue("us-east-1") String region,
            @NotBlank String bucket,
            @NotNull @DefaultValue("") String prefix,
            @NotNull Path credentialsFile,
            @DefaultValue("true") boolean pathStyle) {}

    /**
     * Write-ahead logs of engines that can go back to a point in time.
     *
     * @param enabled whether they are kept
     * @param directory where, on a disk that is none of the databases'
     * @param interval between two looks at a database; what was committed since is lost with its volume
     */
    public record Wal(
            @DefaultValue("true") boolean enabled,
            @Nullable Path directory,
            @NotNull @DefaultValue("45s") Duration interval) {}

    /** @param freshFor how long a measurement is shown; an older one says nothing */
    public record Metrics(@NotNull @DefaultValue("3m") Duration freshFor) {}

    /**
     * @param start from the request of a guest to the first query that the engine answers
     * @param replay from when an engine has its log to the first query that it answers
     * @param stopGrace from the stop signal to the kill
     * @param answer how long an engine may take to answer a query
     * @param ready between looks at an engine that is starting
     * @param check between looks at one that runs
     * @param ill between looks at one that ran and does not answer
     * @param retry after the first failure in a row; it doubles with each
     * @param longestRetry where that doubling ends
     */
    public record Patience(
            @NotNull @DefaultValue("5m") Duration start,
            @NotNull @DefaultValue("1h") Duration replay,
            @NotNull @DefaultValue("60s") Duration stopGrace,
            @NotNull @DefaultValue("5s") Duration answer,
            @NotNull @DefaultValue("200ms") Duration ready,
            @NotNull @DefaultValue("30s") Duration check,
            @NotNull @DefaultValue("3s") Duration ill,
            @NotNull @DefaultValue("5s") Duration retry,
            @NotNull @DefaultValue("5m") Duration longestRetry) {}
}
