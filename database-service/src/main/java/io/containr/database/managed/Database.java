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
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A database as stored.
 *
 * @param project whose services reach it by name; null: none
 * @param condition how it is
 * @param volume as what the agent knows its data
 * @param revision of what its instance is made of; rises with whatever takes another instance
 * @param image what its instances are made of; null before the first
 * @param recovery while it is made of a backup or goes back to one
 * @param place where it answered last; null before the first time and while it is stopped
 */
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
        String privateName,
        ServiceId volume,
        long revision,
        long variablesRevision,
        long generation,
        @Nullable PreparedImage image,
        @Nullable Place place,
        @Nullable Recovery recovery,
        Instant createdAt,
        Instant updatedAt) {

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
     * @param drill whether the database is there for the proof alone
     */
    public record Recovery(
            BackupId backup,
            @Nullable ServiceId next,
            @Nullable ServiceId previous,
            @Nullable Sealed previousPassword,
            boolean drill) {}

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
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                other,
                access,
                privateName,
                volume,
                revision,
                variablesRevision,
                generation,
                image,
                place,
                recovery,
                createdAt,
                updatedAt);
    }

    Database withAccess(Access other) {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                other,
                privateName,
                volume,
                revision,
                variablesRevision + 1,
                generation,
                image,
                place,
                recovery,
                createdAt,
                updatedAt);
    }

    Database withPlace(@Nullable Place other) {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision,
                generation,
                image,
                other,
                recovery,
                createdAt,
                updatedAt);
    }

    Database withImage(PreparedImage other) {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision,
                generation,
                other,
                place,
                recovery,
                createdAt,
                updatedAt);
    }

    /** Under another name; what refers to it by the old one finds it no more. */
    Database withName(String other, Instant now) {
        return new Database(
                id,
                owner,
                project,
                other,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision + 1,
                generation,
                image,
                place,
                recovery,
                createdAt,
                now);
    }

    Database withPlan(Plan other, Instant now) {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                other,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision,
                generation,
                image,
                place,
                recovery,
                createdAt,
                now);
    }

    Database withoutProject(Instant now) {
        return new Database(
                id,
                owner,
                null,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision + 1,
                generation,
                image,
                place,
                recovery,
                createdAt,
                now);
    }

    Database withWanted(Wanted other, Instant now) {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                other,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision,
                generation,
                image,
                place,
                recovery,
                createdAt,
                now);
    }

    /** Another instance takes the place of the present one. */
    Database renewed() {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision + 1,
                variablesRevision,
                generation,
                image,
                place,
                recovery,
                createdAt,
                updatedAt);
    }

    /** The agent refuses an older generation. */
    Database nextGeneration() {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                volume,
                revision,
                variablesRevision,
                generation + 1,
                image,
                place,
                recovery,
                createdAt,
                updatedAt);
    }

    /** With another volume, and what is to be known of where its data come from. */
    Database withVolume(ServiceId other, @Nullable Recovery from) {
        return new Database(
                id,
                owner,
                project,
                name,
                type,
                version,
                plan,
                region,
                wanted,
                condition,
                access,
                privateName,
                other,
                revision,
                variablesRevision,
                generation,
                image,
                place,
                from,
                createdAt,
                updatedAt);
    }

    boolean isDrill() {
        return recovery != null && recovery.drill();
    }

    /** Whether its volume is still being made. */
    boolean awaitsVolume() {
        return recovery != null && volume.equals(recovery.next());
    }

    /** Whether it goes back to an earlier state, or is there to prove one, and has not answered yet. */
    boolean isOnTrial() {
        return recovery != null && recovery.next() == null;
    }
}
