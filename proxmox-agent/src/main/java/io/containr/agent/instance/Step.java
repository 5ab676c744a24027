package io.containr.agent.instance;

import io.containr.contracts.Failure;
import java.time.Duration;

/** What to do next for one instance. */
sealed interface Step {

    /** Follow the task to its end. */
    record Follow(PendingTask task) implements Step {}

    /** Find out whether the task was begun at all. */
    record Find(PendingTask task) implements Step {}

    /** The task takes too long: end it. */
    record Abort(PendingTask task) implements Step {}

    /** Choose a node. */
    record Place() implements Step {}

    /** See to it that the image lies on the node. */
    record Pull() implements Step {}

    /** Choose a number and an address; a number that turned out to be taken is replaced. */
    record Reserve() implements Step {}

    record Create() implements Step {}

    record Configure() implements Step {}

    record Start() implements Step {}

    /** Look whether the application is healthy, until the deadline or for as long as one look may take. */
    record Probe() implements Step {}

    /** What was to be reached is reached. */
    record Advance(Phase to) implements Step {}

    record BecomeUnhealthy(String reason) implements Step {}

    record Fail(Failure failure) implements Step {}

    record Shutdown(Duration grace) implements Step {}

    record Stop() implements Step {}

    record Destroy() implements Step {}

    /** Nothing of the guest is left: give back what was reserved for it. */
    record Release() implements Step {}

    /** It is about to stop, so that a newer instance can have its volume. */
    record Pause() implements Step {}

    /** Own the volume, which nobody does. */
    record ClaimVolume() implements Step {}

    /** Own the volume no longer. */
    record GiveVolumeUp() implements Step {}

    /** Have its owner give the volume up. */
    record AwaitVolume() implements Step {}

    record MakeVolume() implements Step {}

    /** From the guest that has it to this instance's. */
    record MoveVolume() implements Step {}

    record MountVolume() implements Step {}

    record GrowVolume() implements Step {}

    /** Give a guest that runs the limits and the size of volume that it is to have. */
    record Resize() implements Step {}

    /** The instance goes and its guest stays, for the volume's sake. */
    record KeepVolume() implements Step {}

    record Wait(Duration atMost, String reason) implements Step {}

    record Settled() implements Step {}
}
