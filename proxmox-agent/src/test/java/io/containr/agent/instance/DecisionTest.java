package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.instance.Observed.GuestView;
import io.containr.agent.instance.VolumeView.Claim;
import io.containr.agent.instance.VolumeView.Place;
import io.containr.agent.proxmox.Upid;
import io.containr.agent.session.Application;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Upid UPID = new Upid("UPID:n1:00000B34:000283D5:6B048FBC:vzcreate:10000:u@pve!a:");
    private static final Desired RUNNING = new Desired.Running(MINUTE, Duration.ofSeconds(30), false);
    private static final Desired ONCE = new Desired.Running(MINUTE, Duration.ofSeconds(30), true);
    private static final Desired REMOVED = new Desired.Removed(NOW, Duration.ofSeconds(30));
    private static final GuestView UP = new GuestView.Present(true, null);
    private static final GuestView DOWN = new GuestView.Present(false, null);
    private static final GuestView ABSENT = new GuestView.Absent();
    private static final GuestView UNASKED = new GuestView.NotAsked();

    private final Decision decision =
            new Decision(new Limits(3, 3, Duration.ofSeconds(15), MINUTE, MINUTE, MINUTE, Duration.ofMinutes(10)));

    private Step decide(Desired desired, Observed seen) {
        return decision.decide(desired, seen, NOW);
    }

    private static Observed seen(Phase phase, GuestView guest) {
        return new Observed(phase, NOW, 0, null, null, null, guest, Application.UNHEARD);
    }

    private static Observed tried(Phase phase, GuestView guest, int attempts, Duration ago) {
        return new Observed(phase, NOW, attempts, NOW.minus(ago), "it broke", null, guest, Application.UNHEARD);
    }

    private static Observed busy(Phase phase, @Nullable Upid upid, Duration ago) {
        PendingTask task = new PendingTask(PendingTask.Kind.CREATE, upid, NOW.minus(ago));
        return new Observed(phase, NOW, 1, NOW, null, task, UNASKED, Application.UNHEARD);
    }

    @Test
    void eachPhaseLeadsToTheNextWhenNothingGoesWrong() {
        assertThat(decide(RUNNING, seen(Phase.ACCEPTED, UNASKED))).isEqualTo(new Step.Place());
        assertThat(decide(RUNNING, seen(Phase.PLACED, UNASKED))).isEqualTo(new Step.Pull());
        assertThat(decide(RUNNING, seen(Phase.PULLED, new GuestView.NotReserved())))
                .isEqualTo(new Step.Reserve());
        assertThat(decide(RUNNING, seen(Phase.PULLED, ABSENT))).isEqualTo(new Step.Create());
        assertThat(decide(RUNNING, seen(Phase.PULLED, DOWN))).isEqualTo(new Step.Advance(Phase.CREATED));
        assertThat(decide(RUNNING, seen(Phase.CREATED, DOWN))).isEqualTo(new Step.Configure());
        assertThat(decide(RUNNING, seen(Phase.CONFIGURED, DOWN))).isEqualTo(new Step.Start());
        assertThat(decide(RUNNING, seen(Phase.CONFIGURED, UP))).isEqualTo(new Step.Advance(Phase.STARTED));
        assertThat(decide(RUNNING, seen(Phase.STARTED, UP))).isEqualTo(new Step.Probe());
        assertThat(decide(RUNNING, seen(Phase.HEALTHY, UP))).isEqualTo(new Step.Settled());
    }

    @Test
    void whatRunsOnceIsNeverStartedASecondTime() {
        assertThat(decide(ONCE, seen(Phase.CONFIGURED, DOWN))).isEqualTo(new Step.Start());
        assertThat(decide(ONCE, heard(Phase.CONFIGURED, DOWN, Application.State.RUNNING)))
                .isInstanceOf(Step.Fail.class);
        assertThat(decide(ONCE, seen(Phase.STARTED, UP))).isInstanceOf(Step.Wait.class);
        assertThat(decide(ONCE, heard(Phase.STARTED, UP, Application.State.RUNNING)))
                .isInstanceOf(Step.Wait.class);
        assertThat(decide(ONCE, heard(Phase.STARTED, DOWN, Application.State.RUNNING)))
                .isInstanceOf(Step.Fail.class);
        assertThat(decide(ONCE, heard(Phase.STARTED, UP, Application.State.BROKEN)))
                .isInstanceOf(Step.Fail.class);
        assertThat(decide(ONCE, heard(Phase.STARTED, UP, Application.State.EXITED)))
                .isEqualTo(new Step.Advance(Phase.ENDED));
        assertThat(decide(ONCE, seen(Phase.ENDED, UNASKED))).isEqualTo(new Step.Settled());
        assertThat(decide(REMOVED, seen(Phase.ENDED, UP))).isInstanceOf(Step.Shutdown.class);
    }

    private static Observed keeping(Phase phase, GuestView guest, VolumeView volume) {
        return new Observed(phase, NOW, 0, null, null, null, guest, Application.UNHEARD, false, volume);
    }

    @Test
    void aGuestThatRunsIsResizedOnceItIsHealthyAndNotWhileSomethingElseHoldsIt() {
        assertThat(decide(RUNNING, resizing(Phase.HEALTHY, UP, 0))).isEqualTo(new Step.Resize());
        assertThat(decide(RUNNING, resizing(Phase.HEALTHY, UP, 3))).isInstanceOf(Step.Wait.class);
        assertThat(decide(RUNNING, resizing(Phase.HEALTHY, new GuestView.Present(true, "backup"), 0)))
                .isInstanceOf(Step.Wait.class);
        assertThat(decide(RUNNING, resizing(Phase.HEALTHY, DOWN, 0))).isInstanceOf(Step.BecomeUnhealthy.class);
        assertThat(decide(RUNNING, resizing(Phase.UNHEALTHY, UP, 0))).isEqualTo(new Step.Settled());
        assertThat(decide(RUNNING, resizing(Phase.STARTED, UP, 0))).isEqualTo(new Step.Probe());
    }

    /** It runs with what it has, and grows when it does. */
    @Test
    void aGuestThatRanBeforeStartsAlthoughItsVolumeIsToGrow() {
        VolumeView small = new VolumeView(Place.HERE, true, true, Claim.NOBODY, false, true, false);

        assertThat(decide(RUNNING, keeping(Phase.HEALTHY, DOWN, small))).isInstanceOf(Step.BecomeUnhealthy.class);
        assertThat(decide(RUNNING, keeping(Phase.UNHEALTHY, DOWN, small))).isEqualTo(new Step.Start());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, small))).isEqualTo(new Step.GrowVolume());
    }

    private static Observed resizing(Phase phase, GuestView guest, int attempts) {
        return new Observed(phase, NOW, attempts, NOW, null, null, guest, Application.UNHEARD, true, null);
    }

    private static VolumeView volume(VolumeView.Place place, boolean mine, boolean owned, VolumeView.Claim claim) {
        return new VolumeView(place, mine, owned, claim, true, true, false);
    }

    @Test
    void onlyTheOwnerOfAVolumeStartsAndOnlyWithIt() {
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, volume(Place.NOWHERE, false, false, Claim.THIS))))
                .isEqualTo(new Step.ClaimVolume());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, volume(Place.NOWHERE, true, true, Claim.THIS))))
                .isEqualTo(new Step.MakeVolume());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, volume(Place.ELSEWHERE, false, true, Claim.THIS))))
                .isEqualTo(new Step.AwaitVolume());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, volume(Place.ELSEWHERE, true, true, Claim.THIS))))
                .isEqualTo(new Step.MoveVolume());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, volume(Place.HERE, true, true, Claim.THIS))))
                .isEqualTo(new Step.Start());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, DOWN, volume(Place.LOST, true, true, Claim.THIS))))
                .isInstanceOf(Step.Fail.class);
        assertThat(decide(
                        RUNNING,
                        keeping(
                                Phase.CONFIGURED,
                                DOWN,
                                new VolumeView(Place.HERE, true, true, Claim.THIS, false, true, false))))
                .isEqualTo(new Step.GrowVolume());
        assertThat(decide(
                        RUNNING,
                        keeping(
                                Phase.CONFIGURED,
                                DOWN,
                                new VolumeView(Place.HERE, true, true, Claim.THIS, true, false, false))))
                .isEqualTo(new Step.MountVolume());
        assertThat(decide(RUNNING, keeping(Phase.CONFIGURED, UP, volume(Place.ELSEWHERE, false, true, Claim.THIS))))
                .as("an operator started it")
                .isEqualTo(new Step.Stop());
    }

    @Test
    void theOwnerStopsAndGivesItsVolumeUpToANewerInstanceAndStartsAgainWhenItComesBack() {
        VolumeView wanted = volume(Place.HERE, true, true, Claim.ANOTHER);
        assertThat(decide(RUNNING, keeping(Phase.HEALTHY, UP, wanted))).isEqualTo(new Step.Pause());
        assertThat(decide(RUNNING, keeping(Phase.UNHEALTHY, UP, wanted))).isInstanceOf(Step.Shutdown.class);
        assertThat(decide(RUNNING, keeping(Phase.UNHEALTHY, DOWN, wanted))).isEqualTo(new Step.GiveVolumeUp());
        assertThat(decide(RUNNING, keeping(Phase.FAILED, UP, wanted))).isInstanceOf(Step.Shutdown.class);
        assertThat(decide(RUNNING, keeping(Phase.FAILED, DOWN, wanted))).isEqualTo(new Step.GiveVolumeUp());
        VolumeView gone = volume(Place.ELSEWHERE, false, true, Claim.ANOTHER);
        assertThat(decide(RUNNING, keeping(Phase.UNHEALTHY, DOWN, gone))).isInstanceOf(Step.Wait.class);
        VolumeView back = volume(Place.ELSEWHERE, true, true, Claim.THIS);
        assertThat(decide(RUNNING, keeping(Phase.UNHEALTHY, DOWN, back))).isEqualTo(new Step.MoveVolume());
        VolumeView here = volume(Place.HERE, true, true, Claim.THIS);
        assertThat(decide(RUNNING, keeping(Phase.UNHEALTHY, DOWN, here))).isEqualTo(new Step.Start());
    }

    @Test
    void aGuestWithAVolumeIsDestroyedOnlyWhenTheServiceWasDeleted() {
        assertThat(decide(REMOVED, keeping(Phase.HEALTHY, DOWN, volume(Place.HERE, true, true, Claim.NOBODY))))
                .isEqualTo(new Step.GiveVolumeUp());
        assertThat(decide(REMOVED, keeping(Phase.HEALTHY, DOWN, volume(Place.HERE, false, false, Claim.NOBODY))))
                .isEqualTo(new Step.KeepVolume());
        assertThat(decide(REMOVED, keeping(Phase.HEALTHY, DOWN, volume(Place.HERE, false, true, Claim.ANOTHER))))
                .isInstanceOf(Step.Wait.class);
        assertThat(decide(REMOVED, keeping(Phase.HEALTHY, DOWN, volume(Place.ELSEWHERE, false, true, Claim.ANOTHER))))
                .isEqualTo(new Step.Destroy());
        VolumeView deleted = new VolumeView(Place.HERE, true, true, Claim.NOBODY, true, true, true);
        assertThat(decide(REMOVED, keeping(Phase.HEALTHY, DOWN, deleted))).isEqualTo(new Step.Destroy());
    }

    private static Observed heard(Phase phase, GuestView guest, Application.State state) {
        return new Observed(phase, NOW, 0, null, null, null, guest, new Application(state, 1, "exit code 0"));
    }

    @ParameterizedTest
    @EnumSource(names = "REMOVED", mode = EnumSource.Mode.EXCLUDE)
    void aTaskUnderWayComesBeforeEverythingElse(Phase phase) {
        Observed running = busy(phase, UPID, MINUTE);
        assertThat(decide(RUNNING, running)).isInstanceOf(Step.Follow.class);
        assertThat(decide(REMOVED, running)).isInstanceOf(Step.Follow.class);
        assertThat(decide(RUNNING, busy(phase, null, MINUTE))).isInstanceOf(Step.Find.class);
        assertThat(decide(RUNNING, busy(phase, UPID, Duration.ofMinutes(11)))).isInstanceOf(Step.Abort.class);
    }

    @Test
    void aNumberThatSomebodyElseTookIsReplaced() {
        assertThat(decide(RUNNING, seen(Phase.PULLED, new GuestView.Foreign()))).isEqualTo(new Step.Reserve());
        assertThat(decide(REMOVED, seen(Phase.PULLED, new GuestView.Foreign()))).isEqualTo(new Step.Release());
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, NO_CAPACITY",
        "PLACED, IMAGE_PULL_FAILED",
        "PULLED, CREATE_FAILED",
        "CREATED, CREATE_FAILED",
        "CONFIGURED, START_FAILED",
        "STARTED, APP_EXITED"
    })
    void whatFailsTooOftenFailsTheInstanceWithItsReason(Phase phase, String code) {
        GuestView guest = switch (phase) {
            case ACCEPTED, PLACED -> UNASKED;
            case PULLED -> ABSENT;
            default -> DOWN;
        };
        Step step = decide(RUNNING, tried(phase, guest, 3, MINUTE));
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Fail.class,
                        fail -> assertThat(fail.failure().code()).isEqualTo(code));
    }

    @Test
    void whoWaitedLongWithoutALookForRoomIsLookedForAndNotFailed() {
        Observed waited = new Observed(
                Phase.ACCEPTED, NOW.minus(MINUTE.multipliedBy(10)), 0, null, null, null, UNASKED, Application.UNHEARD);
        assertThat(decide(RUNNING, waited)).isEqualTo(new Step.Place());
    }

    @Test
    void whatFailedOnceIsTriedAgainAfterAPause() {
        assertThat(decide(RUNNING, tried(Phase.CONFIGURED, DOWN, 1, Duration.ofMillis(200))))
                .isEqualTo(new Step.Wait(Duration.ofMillis(800), "tried before"));
        assertThat(decide(RUNNING, tried(Phase.CONFIGURED, DOWN, 1, Duration.ofSeconds(1))))
                .isEqualTo(new Step.Start());
    }

    @Test
    void anInstanceThatNeverAnswersFailsAtItsDeadline() {
        Observed late = new Observed(
                Phase.STARTED,
                NOW.minus(MINUTE).minusMillis(1),
                0,
                null,
                "nothing listens on port 8080",
                null,
                UP,
                Application.UNHEARD);
        assertThat(decide(RUNNING, late)).isInstanceOfSatisfying(Step.Fail.class, fail -> {
            assertThat(fail.failure().code()).isEqualTo("HEALTH_CHECK_FAILED");
            assertThat(fail.failure().message()).contains("60 s").contains("nothing listens on port 8080");
        });
    }

    @Test
    void anApplicationThatEndsAgainAndAgainFailsWithItsExitCode() {
        Application ended = new Application(Application.State.EXITED, 3, "exit code 7");
        Observed seen = new Observed(Phase.STARTED, NOW, 0, null, null, null, UP, ended);
        assertThat(decide(RUNNING, seen)).isInstanceOfSatisfying(Step.Fail.class, fail -> {
            assertThat(fail.failure().code()).isEqualTo("APP_EXITED");
            assertThat(fail.failure().message()).contains("3 times").contains("exit code 7");
        });
        Application twice = new Application(Application.State.EXITED, 2, "exit code 7");
        assertThat(decide(RUNNING, new Observed(Phase.STARTED, NOW, 0, null, null, null, UP, twice)))
                .isEqualTo(new Step.Probe());
    }

    @Test
    void anApplicationThatCannotBeStartedFailsAtOnce() {
        Application broken = new Application(Application.State.BROKEN, 1, "exec /nope: no such file");
        assertThat(decide(RUNNING, new Observed(Phase.STARTED, NOW, 0, null, null, null, UP, broken)))
                .isInstanceOfSatisfying(
                        Step.Fail.class,
                        fail -> assertThat(fail.failure().message()).contains("exec /nope"));
    }

    @Test
    void aStoppedGuestThatShouldRunIsReportedAndThenStarted() {
        assertThat(decide(RUNNING, seen(Phase.HEALTHY, DOWN))).isEqualTo(new Step.BecomeUnhealthy("the guest stopped"));
        assertThat(decide(RUNNING, seen(Phase.UNHEALTHY, DOWN))).isEqualTo(new Step.Start());
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATED", "CONFIGURED", "STARTED", "HEALTHY", "UNHEALTHY"})
    void aGuestThatVanishedIsNotMadeAgain(Phase phase) {
        assertThat(decide(RUNNING, seen(phase, ABSENT)))
                .isInstanceOfSatisfying(
                        Step.Fail.class,
                        fail -> assertThat(fail.failure().code()).isEqualTo("GUEST_LOST"));
    }

    @Test
    void aFailedInstanceRestsUntilItIsToldToGo() {
        assertThat(decide(RUNNING, seen(Phase.FAILED, UNASKED))).isEqualTo(new Step.Settled());
        assertThat(decide(REMOVED, seen(Phase.FAILED, UP))).isEqualTo(new Step.Shutdown(Duration.ofSeconds(30)));
    }

    @Test
    void aRemovalDrainsThenShutsDownThenDestroysThenReleases() {
        Desired draining = new Desired.Removed(NOW.plusSeconds(10), Duration.ofSeconds(30));
        assertThat(decide(draining, seen(Phase.HEALTHY, UP)))
                .isEqualTo(new Step.Wait(Duration.ofSeconds(10), "drains"));
        assertThat(decide(REMOVED, seen(Phase.HEALTHY, UP))).isEqualTo(new Step.Shutdown(Duration.ofSeconds(30)));
        assertThat(decide(REMOVED, seen(Phase.HEALTHY, DOWN))).isEqualTo(new Step.Destroy());
        assertThat(decide(REMOVED, seen(Phase.HEALTHY, ABSENT))).isEqualTo(new Step.Release());
        assertThat(decide(REMOVED, seen(Phase.REMOVED, ABSENT))).isEqualTo(new Step.Settled());
    }

    @Test
    void aRemovalIsNeverGivenUp() {
        assertThat(decide(REMOVED, tried(Phase.HEALTHY, UP, 50, Duration.ofMinutes(5))))
                .isEqualTo(new Step.Stop());
        assertThat(decide(REMOVED, tried(Phase.HEALTHY, DOWN, 50, Duration.ofMinutes(5))))
                .isEqualTo(new Step.Destroy());
    }

    @Test
    void aLockedGuestIsWaitedFor() {
        GuestView locked = new GuestView.Present(false, "backup");
        assertThat(decide(REMOVED, seen(Phase.HEALTHY, locked))).isInstanceOf(Step.Wait.class);
        assertThat(decide(RUNNING, seen(Phase.CONFIGURED, locked))).isInstanceOf(Step.Wait.class);
        assertThat(decide(
                        RUNNING, tried(Phase.PULLED, new GuestView.Present(false, "create"), 1, Duration.ofSeconds(1))))
                .isInstanceOf(Step.Wait.class);
    }

    @Test
    void aStubThatAKilledCreationLeftIsAbandoned() {
        GuestView stub = new GuestView.Present(false, "create");
        assertThat(decide(RUNNING, tried(Phase.PULLED, stub, 1, MINUTE))).isEqualTo(new Step.Reserve());
        assertThat(decide(REMOVED, tried(Phase.PULLED, stub, 1, MINUTE))).isEqualTo(new Step.Release());
        assertThat(decide(RUNNING, tried(Phase.PULLED, stub, 3, MINUTE)))
                .isInstanceOfSatisfying(
                        Step.Fail.class,
                        fail -> assertThat(fail.failure().code()).isEqualTo("CREATE_FAILED"));
    }
}
