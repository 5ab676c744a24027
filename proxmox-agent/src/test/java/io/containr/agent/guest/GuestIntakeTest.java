package io.containr.agent.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.ids.InstanceId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The intake with the real guest-init at its other end. */
class GuestIntakeTest {

    private static final String TOKEN = "first-token";

    @TempDir
    Path dir;

    @TempDir
    Path root;

    private final InstanceId instance = new InstanceId(UUID.randomUUID());
    private IntakeCertificate certificate;
    private GuestIntake intake;
    private RememberedSessions sessions;
    private @Nullable GuestProcess guest;

    @BeforeEach
    void certificate() throws Exception {
        certificate = IntakeCertificate.loadOrCreate(dir.resolve("intake.pem"), Clock.systemUTC());
    }

    @AfterEach
    void end() throws Exception {
        if (guest != null) {
            guest.close();
        }
        intake.close();
    }

    @Test
    void aGuestGetsItsSpecificationAndReportsWhatItsApplicationDoes() throws Exception {
        run("echo \"value is $NAME\"; echo problem >&2; exit 5");
        await().until(() -> sessions.states.stream().anyMatch(GuestState.Exited.class::isInstance));
        assertThat(sessions.events).containsSubsequence("first", "connected", "confirm");
        assertThat(sessions.states.getFirst()).isInstanceOf(GuestState.Running.class);
        assertThat(sessions.states.getLast()).isInstanceOfSatisfying(GuestState.Exited.class, exited -> {
            assertThat(exited.exitCode()).isEqualTo(5);
            assertThat(exited.signal()).isNull();
            assertThat(exited.nextStart()).isNull();
        });
        assertThat(sessions.lines)
                .filteredOn(line -> line.stream() == GuestLine.Stream.STDOUT)
                .extracting(GuestLine::text)
                .containsExactly("value is two", "lines");
        assertThat(sessions.lines)
                .filteredOn(line -> line.stream() == GuestLine.Stream.STDERR)
                .extracting(GuestLine::text)
                .containsExactly("problem");
    }

    @Test
    void aTokenThatIsNotGoodLetsNobodyIn() throws Exception {
        prepare("true");
        guest = GuestProcess.start(root, intake.port(), certificate.pin(), instance, "stolen");
        assertThat(guest.exitCode()).isEqualTo(1);
        assertThat(guest.console()).contains("this token is not good").doesNotContain("stolen");
        assertThat(sessions.events).containsExactly("first");
    }

    @Test
    void aGuestBelievesNoOtherCertificate() throws Exception {
        prepare("true");
        guest = GuestProcess.start(root, intake.port(), "0".repeat(64), instance, TOKEN);
        var process = guest;
        await().until(() -> process.console().contains("CONTAINR_AGENT_PIN"));
        assertThat(sessions.events).isEmpty();
    }

    @Test
    void noLineIsLostOrDoubledWhileTheAgentRestartsAndItsDatabaseIsAway() throws Exception {
        run(
                "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); [ $((i % 100)) = 0 ] && sleep 0.02; done; exec sleep 60");
        await().until(() -> sessions.lines.size() > 200);
        sessions.storageFails = true;
        await().until(() -> sessions.count("resume") > 0);
        sessions.storageFails = false;
        var port = intake.port();
        intake.close();
        intake.start();
        assertThat(intake.port()).isEqualTo(port);
        await().atMost(Duration.ofSeconds(30)).until(() -> sessions.texts().contains("line 2999"));
        assertThat(sessions.texts())
                .isEqualTo(IntStream.range(0, 3000).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void aGuestThatCrashedComesBackWithItsSession() throws Exception {
        run("echo started; exec sleep 60");
        await().until(() -> sessions.texts().contains("started") && sessions.events.contains("confirm"));
        var crashed = guest;
        assertThat(crashed).isNotNull();
        crashed.crash();
        await().until(() -> sessions.count("disconnected") == 1);
        assertThat(intake.commands().isConnected(instance)).isFalse();
        start();
        await().until(() -> sessions.texts().stream().filter("started"::equals).count() == 2);
        assertThat(sessions.count("first")).isEqualTo(1);
    }

    @Test
    void aCommandRunsOnceAndItsOutputArrives() throws Exception {
        run("exec sleep 60");
        awaitConnected();
        var output = new ByteArrayOutputStream();
        var command = GuestRun.of(
                "run-1", Duration.ofSeconds(20), "sh", "-c", "head -c 300000 /dev/zero; echo $NAME; exit 3");
        var result = intake.commands()
                .run(instance, command, (_, data) -> output.writeBytes(data))
                .get(20, TimeUnit.SECONDS);
        assertThat(result).isEqualTo(new RunResult(3, null, null, true));
        assertThat(output.size()).isEqualTo(300_000 + "two lines\n".length());
        assertThat(output.toString(UTF_8)).endsWith("two lines\n");
        var again = intake.commands().run(instance, command, (_, _) -> {}).get(20, TimeUnit.SECONDS);
        assertThat(again.exitCode()).isEqualTo(3);
        assertThat(again.complete()).as("nothing was written again").isFalse();
    }

    @Test
    void aCommandsResultArrivesOverTheNextConnection() throws Exception {
        run("exec sleep 60");
        awaitConnected();
        var release = root.resolve("release");
        var future = intake.commands()
                .run(
                        instance,
                        GuestRun.of(
                                "run-2",
                                Duration.ofSeconds(30),
                                "sh",
                                "-c",
                                "echo begun; while [ ! -e " + release + " ]; do sleep 0.05; done; exit 4"),
                        (_, _) -> sessions.storageFails = true);
        await().until(() -> sessions.storageFails);
        sessions.storageFails = false;
        ((ConnectedGuests) intake.commands()).closeAll();
        await().until(() -> sessions.count("resume") == 1);
        Files.createFile(release);
        assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(new RunResult(4, null, null, true));
    }

    @Test
    void aCommandForAGuestThatIsAwayFails() throws Exception {
        prepare("true");
        var future = intake.commands().run(instance, GuestRun.of("run-3", Duration.ofSeconds(1), "true"), (_, _) -> {});
        assertThatThrownBy(() -> future.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(GuestNotConnectedException.class);
        assertThat(intake.commands().stop(instance, Duration.ZERO)).isFalse();
    }

    @Test
    void stopEndsApplicationAndGuest() throws Exception {
        run("trap 'echo leaving; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await().until(() -> sessions.texts().contains("ready"));
        assertThat(intake.commands().stop(instance, Duration.ofSeconds(5))).isTrue();
        var process = guest;
        assertThat(process).isNotNull();
        assertThat(process.exitCode()).isZero();
        await().until(() -> sessions.events.contains("disconnected"));
        assertThat(sessions.texts()).contains("leaving");
        assertThat(sessions.states)
                .extracting(Object::getClass)
                .endsWith(GuestState.Stopping.class, GuestState.Exited.class);
    }

    @Test
    void aChangedSpecificationReachesTheGuestAtItsNextGreeting() throws Exception {
        run("exec sleep 60");
        awaitConnected();
        await().until(() -> sessions.events.contains("confirm"));
        sessions.spec = spec("echo changed");
        sessions.specChanged = true;
        ((ConnectedGuests) intake.commands()).closeAll();
        await().until(() -> sessions.count("confirm") == 2);
        assertThat(sessions.specChanged).isFalse();
    }

    private void run(String script) throws Exception {
        prepare(script);
        start();
    }

    private void prepare(String script) throws Exception {
        sessions = new RememberedSessions(instance, TOKEN, spec(script));
        intake = new GuestIntake(InetAddress.getLoopbackAddress(), 0, certificate, sessions, GuestIntake.Limits.of(64));
        intake.start();
    }

    private void start() throws IOException {
        guest = GuestProcess.start(root, intake.port(), certificate.pin(), instance, TOKEN);
    }

    private void awaitConnected() {
        await().until(() -> intake.commands().isConnected(instance)
                && sessions.states.stream().anyMatch(GuestState.Running.class::isInstance));
    }

    private static GuestSpec spec(String script) {
        return new GuestSpec(
                List.of("sh", "-c", script),
                List.of(GuestVariable.of("NAME", "two\nlines")),
                "",
                "/tmp",
                "SIGTERM",
                Duration.ofSeconds(10),
                new GuestSpec.Restart(GuestSpec.RestartPolicy.NEVER, Duration.ofMillis(100), Duration.ofSeconds(1)),
                "web-demo",
                List.of(),
                List.of(),
                List.of(),
                1 << 20);
    }
}
