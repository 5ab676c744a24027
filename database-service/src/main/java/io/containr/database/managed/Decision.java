package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.database.DatabaseProperties.Patience;
import io.containr.database.image.EngineImage;
import io.containr.database.managed.DatabaseInstance.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what is to be done next for a database. Pure. */
final class Decision {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Why a database restarts that was not asked to. */
    private static final String RESTARTS = "RESIZED_BY_RESTART";

    private final Patience patience;

    Decision(Patience patience) {
        this.patience = patience;
    }

    /**
     * The next step.
     *
     * @param instances oldest first
     * @param image of the engine's version, null where it was never asked for
     * @param imageDue whether that image is too old for a new database, or its preparation lasts too long
     */
    Step decide(
            Database database,
            List<DatabaseInstance> instances,
            @Nullable EngineImage image,
            boolean imageDue,
            Instant now) {
        List<DatabaseInstance> staying =
                instances.stream().filter(DatabaseInstance::stays).toList();
        if (database.isLost() && !database.isDeleted()) {
            return staying.isEmpty() ? new Step.Rest() : new Step.Remove(staying);
        }
        return switch (database.wanted()) {
            case DELETED -> staying.isEmpty() ? whenGone(instances, new Step.Forget()) : new Step.Remove(staying);
            case STOPPED -> staying.isEmpty() ? whenGone(instances, stopped(database)) : new Step.Remove(staying);
            case RUNNING -> run(database, staying, image, imageDue, now);
        };
    }

    private static Step whenGone(List<DatabaseInstance> instances, Step step) {
        return instances.isEmpty() ? step : new Step.Wait(LONG);
    }

    private static Step stopped(Database database) {
        return database.status() == DatabaseStatus.STOPPED ? new Step.Rest() : new Step.Become(DatabaseStatus.STOPPED);
    }

    private Step run(
            Database database,
            List<DatabaseInstance> staying,
            @Nullable EngineImage image,
            boolean imageDue,
            Instant now) {
        if (database.awaitsVolume()) {
            return new Step.Wait(LONG);
        }
        Optional<DatabaseInstance> current = current(database, staying);
        if (current.isPresent()) {
            return with(database, current.get(), now);
        }
        Instant retry = database.condition().retryAt();
        if (retry != null && retry.isAfter(now)) {
            return new Step.Wait(Duration.between(now, retry));
        }
        return database.image() == null ? prepare(image, imageDue) : new Step.Launch();
    }

    /** The one that is made of what the database is now. */
    static Optional<DatabaseInstance> current(Database database, List<DatabaseInstance> instances) {
        return instances.stream()
                .filter(DatabaseInstance::stays)
                .filter(instance -> instance.revision() == database.revision()
                        && instance.volume().equals(database.volume()))
                .reduce((earlier, later) -> later);
    }

    private Step prepare(@Nullable EngineImage image, boolean due) {
        if (image == null || due) {
            return new Step.PrepareImage();
        }
        return switch (image.state()) {
            case PREPARING -> new Step.Wait(LONG);
            case READY -> new Step.Launch();
            case FAILED ->
                new Step.GiveUpForNow(new Failure(
                        "IMAGE_UNAVAILABLE",
                        "The image " + image.reference() + " cannot be prepared"
                                + (image.failure() == null
                                        ? ""
                                        : ": " + image.failure().message())));
        };
    }

    private Step with(Database database, DatabaseInstance instance, Instant now) {
        if (!database.isOnTrial() && instance.state() != State.FAILED) {
            DatabaseInstance.Adjustment adjustment = instance.adjustment();
            if (adjustment.asked() < database.adjustment()) {
                return new Step.Adjust(instance);
            }
            if (adjustment.refused() && adjustment.obstacle() != null) {
                return new Step.Restart(new Failure(
                        RESTARTS,
                        "It restarts with its new plan: "
                                + adjustment.obstacle().message()));
            }
        }
        return onTrial(database, settle(database, instance, now));
    }

    /** What is on trial gets one chance, since something better is kept for it. */
    private static Step onTrial(Database database, Step step) {
        if (!database.isOnTrial()) {
            return step;
        }
        return switch (step) {
            case Step.Replace replace -> new Step.FallBack(replace.failure());
            case Step.Err err -> new Step.FallBack(err.failure());
            default -> step;
        };
    }

    private Step settle(Database database, DatabaseInstance instance, Instant now) {
        boolean overdue = isOverdue(database, now);
        return switch (instance.state()) {
            case FAILED ->
                new Step.Replace(
                        instance,
                        instance.failure() == null
                                ? new Failure("INSTANCE_FAILED", "Its guest failed")
                                : instance.failure());
            case LISTENING -> new Step.Ask(instance);
            case ASKED, STARTED, SILENT ->
                switch (database.status()) {
                    case BUILDING ->
                        overdue
                                ? new Step.Err(
                                        new Failure(
                                                "START_TIMEOUT",
                                                "It does not listen after "
                                                        + patience(database).toSeconds() + " s"),
                                        LONG)
                                : new Step.Wait(patience.check());
                    case RUNNING, STOPPED ->
                        new Step.Err(new Failure("NOT_ANSWERING", "Nobody listens on its port any more"), LONG);
                    case ERROR -> new Step.Wait(LONG);
                };
            case LEAVING -> throw new IllegalStateException("one that leaves is not the current one");
        };
    }

    private boolean isOverdue(Database database, Instant now) {
        return database.condition().since().plus(patience(database)).isBefore(now);
    }

    private Duration patience(Database database) {
        Database.Recovery.Point point = database.replays();
        return point != null && point.handed() ? patience.replay() : patience.start();
    }

    /** What follows from an answer that did not come. */
    Step afterSilence(Database database, String reason, Instant now) {
        if (database.status() == DatabaseStatus.BUILDING && !isOverdue(database, now)) {
            return new Step.Wait(patience.ready());
        }
        return onTrial(
                database,
                new Step.Err(new Failure("NOT_ANSWERING", "It does not answer a query: " + reason), patience.ill()));
    }

    /** What follows where no answer will come. */
    Step afterEnd(Database database, String reason) {
        return onTrial(database, new Step.Err(new Failure("REPLAY_FAILED", reason), patience.ill()));
    }

    /** How long until a next try after so many failures in a row. */
    Duration pause(int failures) {
        Duration pause = patience.retry().multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 10));
        return pause.compareTo(patience.longestRetry()) > 0 ? patience.longestRetry() : pause;
    }
}
