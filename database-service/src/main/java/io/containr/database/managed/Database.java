package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A database as stored.
 *
 * @param project whose services reach it by name; null: none
 * @param condition how it is
 * @param encrypted whether its engine is spoken to over TLS alone; settled when it is made
 * @param volume as what the agent knows its data
 * @param allowedNetworks that may connect beside its project, IPv4 in CIDR notation
 * @param revision of what its instance is made of; rises with whatever takes another instance
 * @param adjustment of what its instance can be given while it runs: the plan's size, and who may connect
 * @param image what its instances are made of; null before the first
 * @param recovery while it is made of a backup or goes back to one
 * @param place where it answered last; null before the first time and while it is stopped
 */
@RecordBuilder
public record Database(
        DatabaseId id,
        UserId owner,
        @Nullable ProjectId project,
        String name,
        DatabaseType type,
        String version,
        Plan plan,
        String region,
        Wanted wanted,
        Condition condition,
        Access access,
        boolean encrypted,
        String privateName,
        ServiceId volume,
        List<String> allowedNetworks,
        long revision,
        long adjustment,
        long variablesRevision,
        long generation,
        @Nullable PreparedImage image,
        @Nullable Place place,
        @Nullable Recovery recovery,
        Instant createdAt,
        Instant updatedAt) {

    public Database {
        allowedNetworks = List.copyOf(allowedNetworks);
    }

    /**
     * @param since of the status
     * @param failure why, where it is in error
     * @param failures how often in a row it could not be brought up
     * @param retryAt when that is tried again
     */
    public record Condition(
            DatabaseStatus status,
            Instant since,
            @Nullable Failure failure,
            int failures,
            @Nullable Instant retryAt) {}

    /**
     * How to get in.
     *
     * @param next the password that is to take the place of the present one, null: none
     * @param admin of the engine's own administrator, where it has one beside the user
     */
    public record Access(
            String user,
            String database,
            Sealed password,
            @Nullable Sealed next,
            Sealed admin) {}

    /**
     * Data of a backup on their way into a database.
     *
     * @param next the volume that is being made of the backup; null once it is the database's
     * @param previous what a database that goes back keeps until it answered
     * @param point up to which its engine goes on from the backup; null: the backup is all
     */
    public record Recovery(
            BackupId backup,
            Aim aim,
            @Nullable ServiceId next,
            @Nullable ServiceId previous,
            @Nullable Sealed previousPassword,
            @Nullable Point point) {

        /**
         * A moment between backups.
         *
         * @param archive of the write-ahead log that leads there
         * @param time the last commits that are wanted
         * @param handed whether the engine has all that it has to replay
         */
        public record Point(UUID archive, Instant time, boolean handed) {}

        /** What for. */
        public enum Aim {
            /** A database takes the place of its own later self. */
            GO_BACK,
            /** A database begins with it. */
            CLONE,
            /** A clone that did not come to be: it has no data, and nothing is tried any more. */
            LOST_CLONE,
            /** The database is there for the proof alone. */
            DRILL
        }

        /** Whose volume is there. */
        Recovery arrived() {
            return new Recovery(backup, aim, null, null, null, point);
        }
    }

    /** Where an engine answers. */
    public record Place(String address, int port) {}

    boolean isDeleted() {
        return wanted == Wanted.DELETED;
    }

    DatabaseStatus status() {
        return condition.status();
    }

    /** Whose guests it may speak to: those of its project, or nobody's. */
    ProjectId network() {
        return project == null ? new ProjectId(id.value()) : project;
    }

    Database withCondition(Condition other) {
        return DatabaseBuilder.builder(this).condition(other).build();
    }

    Database withAccess(Access other) {
        return DatabaseBuilder.builder(this)
                .access(other)
                .variablesRevision(variablesRevision + 1)
                .build();
    }

    Database withPlace(@Nullable Place other) {
        return DatabaseBuilder.builder(this).place(other).build();
    }

    Database withImage(PreparedImage other) {
        return DatabaseBuilder.builder(this).image(other).build();
    }

    /** Under another name; what refers to it by the old one finds it no more. */
    Database withName(String other, Instant now) {
        return DatabaseBuilder.builder(this)
                .name(other)
                .variablesRevision(variablesRevision + 1)
                .updatedAt(now)
                .build();
    }

    Database withPlan(Plan other, Instant now) {
        return DatabaseBuilder.builder(this).plan(other).updatedAt(now).build();
    }

    Database withAllowedNetworks(List<String> other, Instant now) {
        return DatabaseBuilder.builder(this)
                .allowedNetworks(other)
                .updatedAt(now)
                .build();
    }

    Database withoutProject(Instant now) {
        return DatabaseBuilder.builder(this)
                .project(null)
                .variablesRevision(variablesRevision + 1)
                .updatedAt(now)
                .build();
    }

    Database withWanted(Wanted other, Instant now) {
        return DatabaseBuilder.builder(this).wanted(other).updatedAt(now).build();
    }

    /** Another instance takes the place of the present one. */
    Database renewed() {
        return DatabaseBuilder.builder(this).revision(revision + 1).build();
    }

    /** The present instance is to be given what there is to be given while it runs. */
    Database adjusted() {
        return DatabaseBuilder.builder(this).adjustment(adjustment + 1).build();
    }

    /** The agent refuses an older generation. */
    Database nextGeneration() {
        return DatabaseBuilder.builder(this).generation(generation + 1).build();
    }

    /** With another volume, and what is to be known of where its data come from. */
    Database withVolume(ServiceId other, @Nullable Recovery from) {
        return DatabaseBuilder.builder(this).volume(other).recovery(from).build();
    }

    /** Its engine has all that it has to replay. */
    Database withHandedLog(Instant now) {
        Recovery from = Objects.requireNonNull(recovery, "it goes to a point in time");
        Recovery.Point point = Objects.requireNonNull(from.point(), "it goes to a point in time");
        return withVolume(
                        volume,
                        new Recovery(
                                from.backup(),
                                from.aim(),
                                from.next(),
                                from.previous(),
                                from.previousPassword(),
                                new Recovery.Point(point.archive(), point.time(), true)))
                .withCondition(new Condition(status(), now, null, 0, null));
    }

    boolean isDrill() {
        return recovery != null && recovery.aim() == Recovery.Aim.DRILL;
    }

    boolean isClone() {
        return recovery != null && recovery.aim() == Recovery.Aim.CLONE;
    }

    /** Whether it was to be made of a backup and has nothing. */
    boolean isLost() {
        return recovery != null && recovery.aim() == Recovery.Aim.LOST_CLONE;
    }

    /** Whether its volume is still being made. */
    boolean awaitsVolume() {
        return recovery != null && volume.equals(recovery.next());
    }

    /** Whether it has the volume that was made of a backup, and has not answered yet. */
    boolean isOnTrial() {
        return recovery != null && recovery.next() == null && !isLost();
    }

    /** Up to when its engine has to replay its log before it may answer; null: it has not. */
    Recovery.@Nullable Point replays() {
        return isOnTrial() && recovery != null ? recovery.point() : null;
    }

    /** What gets one in once it runs: a clone is given a password of its own as soon as it answers. */
    Sealed lastingPassword() {
        return isClone() && access.next() != null ? access.next() : access.password();
    }
}
