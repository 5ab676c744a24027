package io.containr.agent.instance;

import io.containr.agent.instance.Observed.GuestView;
import io.containr.agent.session.Application;
import io.containr.contracts.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The next step from what is to what shall be. Pure: no clock, no database, no network. It never believes the end of a
 * task, only what can be seen of the guest: a failed start may have started it, and a lost answer may have been a yes.
 */
final class Decision {

    private static final Duration LOCK_PAUSE = Duration.ofSeconds(1);
    private static final Duration STUB_PATIENCE = Duration.ofSeconds(5);
    private static final Duration RUN_LOOK = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Limits limits;
    private final VolumeDecision volumes;

    Decision(Limits limits) {
        this.limits = limits;
        this.volumes = new VolumeDecision(limits);
    }

    Step decide(Desired desired, Observed seen, Instant now) {
        if (seen.phase() == Phase.REMOVED) {
            return new Step.Settled();
        }
        PendingTask task = seen.task();
        if (task != null) {
            return about(task, now);
        }
        return switch (desired) {
            case Desired.Running running -> run(running, seen, now);
            case Desired.Removed removed -> remove(removed, seen, now);
        };
    }

    private Step about(PendingTask task, Instant now) {
        if (task.upid() == null) {
            return new Step.Find(task);
        }
        return task.since().plus(limits.task()).isBefore(now) ? new Step.Abort(task) : new Step.Follow(task);
    }

    private Step run(Desired.Running desired, Observed seen, Instant now) {
        VolumeView volume = seen.volume();
        Optional<Step> first = volume == null ? Optional.empty() : volumes.run(desired, seen, volume, now);
        return first.orElseGet(() -> runOn(desired, seen, now));
    }

    private Step runOn(Desired.Running desired, Observed seen, Instant now) {
        return switch (seen.phase()) {
            case ACCEPTED ->
                // Time alone says nothing about room: the agent may have been away, or busy, and never have looked.
                seen.attempted() != null && givenUp(seen, limits.place(), now)
                        ? fail("NO_CAPACITY", seen, "no node has room")
                        : new Step.Place();
            case PLACED ->
                givenUp(seen, limits.pull(), now)
                        ? fail("IMAGE_PULL_FAILED", seen, "the image cannot be pulled")
                        : new Step.Pull();
            case PULLED -> create(seen, now);
            case CREATED -> configure(seen, now);
            case CONFIGURED -> start(desired, seen, now);
            case STARTED -> desired.once() ? awaitEnd(seen) : awaitHealth(desired, seen, now);
            case HEALTHY -> keepRunning(seen, now);
            case UNHEALTHY -> recover(seen, now);
            case ENDED, FAILED, REMOVED -> new Step.Settled();
        };
    }

    private Step create(Observed seen, Instant now) {
        return switch (seen.guest()) {
            case GuestView.NotReserved none -> new Step.Reserve();
            case GuestView.Foreign foreign -> new Step.Reserve();
            case GuestView.Absent absent ->
                givenUp(seen, limits.create(), now)
                        ? fail("CREATE_FAILED", seen, "the guest cannot be created")
                        : afterPause(new Step.Create(), seen, now);
            case GuestView.Present present -> {
                if (isStub(seen, present, now)) {
                    yield givenUp(seen, limits.create(), now)
                            ? fail("CREATE_FAILED", seen, "the guest cannot be created")
                            : new Step.Reserve();
                }
                yield present.lock() == null
                        ? new Step.Advance(Phase.CREATED)
                        : held(seen, present, limits.create(), now);
            }
            case GuestView.NotAsked unasked -> throw new IllegalStateException("the guest was not looked at");
        };
    }

    private Step configure(Observed seen, Instant now) {
        return switch (seen.guest()) {
            case GuestView.Present present ->
                givenUp(seen, limits.create(), now)
                        ? fail("CREATE_FAILED", seen, "the guest cannot be configured")
                        : new Step.Configure();
            default -> lost();
        };
    }

    private Step start(Desired.Running desired, Observed seen, Instant now) {
        if (!(seen.guest() instanceof GuestView.Present present)) {
            return lost();
        }
        if (present.running()) {
            return new Step.Advance(Phase.STARTED);
        }
        if (present.lock() != null) {
            return held(seen, present, limits.start(), now);
        }
        if (desired.once() && seen.application().state() != Application.State.SILENT) {
            return cutOff();
        }
        return givenUp(seen, limits.start(), now)
                ? fail("START_FAILED", seen, "the guest cannot be started")
                : afterPause(new Step.Start(), seen, now);
    }

    private Step awaitHealth(Desired.Running desired, Observed seen, Instant now) {
        Application application = seen.application();
        if (application.state() == Application.State.BROKEN) {
            return new Step.Fail(new Failure("APP_EXITED", "The application cannot be started" + because(application)));
        }
        if (application.exits() >= limits.exits()) {
            return new Step.Fail(new Failure(
                    "APP_EXITED",
                    "The application ended " + times(application.exits()) + " before it was healthy"
                            + because(application)));
        }
        if (seen.since().plus(desired.healthTimeout()).isBefore(now)) {
            return new Step.Fail(new Failure(
                    "HEALTH_CHECK_FAILED",
                    "The application was not healthy within "
                            + desired.healthTimeout().toSeconds() + " s: "
                            + (seen.lastError() == null ? "it never answered" : seen.lastError())));
        }
        if (!(seen.guest() instanceof GuestView.Present present)) {
            return lost();
        }
        if (present.running()) {
            return new Step.Probe();
        }
        return seen.attempts() >= limits.attempts()
                ? new Step.Fail(
                        new Failure("APP_EXITED", "The guest stops as soon as it is started" + because(application)))
                : afterPause(new Step.Start(), seen, now);
    }

    /** What runs once is never started again, since nobody knows how far it came. */
    private static Step awaitEnd(Observed seen) {
        Application application = seen.application();
        return switch (application.state()) {
            case BROKEN ->
                new Step.Fail(new Failure("APP_EXITED", "The command cannot be started" + because(application)));
            case EXITED -> new Step.Advance(Phase.ENDED);
            case SILENT, RUNNING, STOPPING ->
                switch (seen.guest()) {
                    case GuestView.Present present when present.running() -> new Step.Wait(RUN_LOOK, "runs");
                    case GuestView.Present present -> cutOff();
                    default -> lost();
                };
        };
    }

    private static Step cutOff() {
        return new Step.Fail(new Failure("GUEST_LOST", "The guest stopped before the command ended"));
    }

    private static Step keepRunning(Observed seen, Instant now) {
        return switch (seen.guest()) {
            case GuestView.Present present
            when present.running() && seen.resizing() ->
                present.lock() == null
                        ? afterPause(new Step.Resize(), seen, now)
                        : new Step.Wait(LOCK_PAUSE, "the guest is locked: " + present.lock());
            case GuestView.Present present when present.running() -> new Step.Settled();
            case GuestView.Present present -> new Step.BecomeUnhealthy("the guest stopped");
            default -> lost();
        };
    }

    private Step recover(Observed seen, Instant now) {
        if (!(seen.guest() instanceof GuestView.Present present)) {
            return lost();
        }
        if (present.running()) {
            return new Step.Settled();
        }
        if (present.lock() != null) {
            return new Step.Wait(LOCK_PAUSE, "the guest is locked: " + present.lock());
        }
        return seen.attempts() >= limits.attempts()
                ? fail("START_FAILED", seen, "the guest stopped and cannot be started again")
                : afterPause(new Step.Start(), seen, now);
    }

    private Step remove(Desired.Removed desired, Observed seen, Instant now) {
        return switch (seen.guest()) {
            case GuestView.NotReserved none -> new Step.Release();
            case GuestView.Foreign foreign -> new Step.Release();
            case GuestView.Absent absent -> new Step.Release();
            case GuestView.Present present -> removePresent(desired, seen, present, now);
            case GuestView.NotAsked unasked -> throw new IllegalStateException("the guest was not looked at");
        };
    }

    private Step removePresent(Desired.Removed desired, Observed seen, GuestView.Present present, Instant now) {
        if (isStub(seen, present, now)) {
            return new Step.Release();
        }
        if (present.lock() != null) {
            return new Step.Wait(LOCK_PAUSE, "the guest is locked: " + present.lock());
        }
        if (!present.running()) {
            VolumeView volume = seen.volume();
            Optional<Step> first = volume == null ? Optional.empty() : volumes.leave(volume);
            return first.orElseGet(() -> afterPause(new Step.Destroy(), seen, now));
        }
        if (now.isBefore(desired.drainUntil())) {
            return new Step.Wait(Duration.between(now, desired.drainUntil()), "drains");
        }
        return seen.attempts() == 0 ? new Step.Shutdown(desired.grace()) : afterPause(new Step.Stop(), seen, now);
    }

    /** What was tried before is tried again after a pause that grows; only a removal is never given up. */
    static Step afterPause(Step step, Observed seen, Instant now) {
        Instant attempted = seen.attempted();
        if (attempted == null || seen.attempts() == 0) {
            return step;
        }
        Instant due = attempted.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(seen.attempts() - 1, 6)));
        return due.isAfter(now) ? new Step.Wait(Duration.between(now, due), "tried before") : step;
    }

    /**
     * What a creation leaves behind whose worker was killed: a number, locked for good, that no API call removes. It has
     * neither disk nor address, so another number serves as well.
     */
    private static boolean isStub(Observed seen, GuestView.Present present, Instant now) {
        Instant attempted = seen.attempted();
        return seen.phase() == Phase.PULLED
                && "create".equals(present.lock())
                && (attempted == null || attempted.plus(STUB_PATIENCE).isBefore(now));
    }

    private Step held(Observed seen, GuestView.Present present, Duration timeout, Instant now) {
        return seen.since().plus(timeout).isBefore(now)
                ? fail("CREATE_FAILED", seen, "the guest stays locked: " + present.lock())
                : new Step.Wait(LOCK_PAUSE, "the guest is locked: " + present.lock());
    }

    private boolean givenUp(Observed seen, Duration timeout, Instant now) {
        return seen.attempts() >= limits.attempts()
                || seen.since().plus(timeout).isBefore(now);
    }

    private static Step fail(String code, Observed seen, String what) {
        String reason = seen.lastError() == null ? "" : ": " + seen.lastError();
        return new Step.Fail(new Failure(code, Character.toUpperCase(what.charAt(0)) + what.substring(1) + reason));
    }

    private static Step lost() {
        return new Step.Fail(new Failure("GUEST_LOST", "The guest is gone, and not by our doing"));
    }

    private static String because(Application application) {
        return application.reason() == null ? "" : ": " + application.reason();
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
