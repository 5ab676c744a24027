package io.containr.agent.instance;

import io.containr.agent.instance.Observed.GuestView;
import io.containr.agent.instance.VolumeView.Claim;
import io.containr.agent.instance.VolumeView.Place;
import io.containr.contracts.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an instance's volume asks for before anything else is done. Pure.
 *
 * <p>A volume has one owner at most. Only the owner's guest may be started, and only the owner gives the volume up, when its guest does
 * not run; whoever is to have it then claims it, moves it to its own guest, and starts. So no two guests ever run for one volume,
 * wherever the process is cut off. A guest that has a volume is destroyed only when the service was deleted.
 */
final class VolumeDecision {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LONG_LOOK = Duration.ofSeconds(10);

    private final Limits limits;

    VolumeDecision(Limits limits) {
        this.limits = limits;
    }

    /** Of an instance that shall run; empty where its volume is where it should be. */
    Optional<Step> run(Desired.Running desired, Observed seen, VolumeView volume, Instant now) {
        if (!(seen.guest() instanceof GuestView.Present present) || !hasGuestOfItsOwn(seen.phase())) {
            return Optional.empty();
        }
        if (present.lock() != null) {
            return Optional.of(new Step.Wait(LOOK, "the guest is locked: " + present.lock()));
        }
        if (volume.mine() && volume.claim() == Claim.ANOTHER) {
            return stopFor(desired, seen, present, now);
        }
        if (seen.phase() == Phase.FAILED) {
            return Optional.empty();
        }
        if (!volume.mine()) {
            return Optional.of(await(seen, present, volume, now));
        }
        return take(seen, present, volume, now);
    }

    private static boolean hasGuestOfItsOwn(Phase phase) {
        return switch (phase) {
            case CONFIGURED, STARTED, HEALTHY, UNHEALTHY, FAILED -> true;
            case ACCEPTED, PLACED, PULLED, CREATED, ENDED, REMOVED -> false;
        };
    }

    private static Optional<Step> stopFor(
            Desired.Running desired, Observed seen, GuestView.Present present, Instant now) {
        if (seen.phase() == Phase.HEALTHY) {
            return Optional.of(new Step.Pause());
        }
        if (!present.running()) {
            return Optional.of(new Step.GiveVolumeUp());
        }
        return Optional.of(
                seen.attempts() == 0
                        ? new Step.Shutdown(desired.stopGrace())
                        : Decision.afterPause(new Step.Stop(), seen, now));
    }

    private Step await(Observed seen, GuestView.Present present, VolumeView volume, Instant now) {
        if (present.running()) {
            return Decision.afterPause(new Step.Stop(), seen, now);
        }
        if (volume.claim() != Claim.THIS) {
            return new Step.Wait(LONG_LOOK, "another instance has its volume");
        }
        if (!volume.owned()) {
            return new Step.ClaimVolume();
        }
        return seen.phase() == Phase.CONFIGURED
                        && seen.since().plus(limits.start()).isBefore(now)
                ? new Step.Fail(new Failure("VOLUME_UNAVAILABLE", "The instance before it did not give its volume up"))
                : new Step.AwaitVolume();
    }

    private Optional<Step> take(Observed seen, GuestView.Present present, VolumeView volume, Instant now) {
        if (volume.place() == Place.HERE) {
            // One that has run before is not kept from it by a disk that cannot grow now; it grows while it runs.
            boolean large = volume.large() || seen.phase() != Phase.CONFIGURED;
            if (present.running() || (large && volume.mounted())) {
                return Optional.empty();
            }
            return Optional.of(attempt(volume.mounted() ? new Step.GrowVolume() : new Step.MountVolume(), seen, now));
        }
        if (present.running()) {
            return Optional.of(Decision.afterPause(new Step.Stop(), seen, now));
        }
        return Optional.of(
                switch (volume.place()) {
                    case NOWHERE -> attempt(new Step.MakeVolume(), seen, now);
                    case ELSEWHERE -> attempt(new Step.MoveVolume(), seen, now);
                    case LOST, HERE ->
                        seen.phase() == Phase.CONFIGURED
                                ? new Step.Fail(
                                        new Failure(
                                                "VOLUME_LOST",
                                                "Its volume is in no guest's configuration; an operator has to attach it again"))
                                : new Step.Wait(LONG_LOOK, "its volume is in no guest's configuration");
                });
    }

    /** A new instance fails after some attempts, so that the one before it gets the volume back; any other goes on trying. */
    private Step attempt(Step step, Observed seen, Instant now) {
        if (seen.phase() == Phase.CONFIGURED && seen.attempts() >= limits.attempts()) {
            String reason = seen.lastError() == null ? "" : ": " + seen.lastError();
            return new Step.Fail(new Failure("VOLUME_UNAVAILABLE", "Its volume cannot be had" + reason));
        }
        return Decision.afterPause(step, seen, now);
    }

    /** Of an instance that shall go and whose guest does not run; empty where the guest may be destroyed. */
    Optional<Step> leave(VolumeView volume) {
        if (volume.place() != Place.HERE || volume.deleted()) {
            return Optional.empty();
        }
        if (volume.mine()) {
            return Optional.of(new Step.GiveVolumeUp());
        }
        return Optional.of(
                volume.claim() == Claim.NOBODY && !volume.owned()
                        ? new Step.KeepVolume()
                        : new Step.Wait(LOOK, "another instance takes its volume"));
    }
}
