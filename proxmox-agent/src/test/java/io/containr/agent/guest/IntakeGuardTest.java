package io.containr.agent.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.contracts.ids.InstanceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hostile or broken peers meet: tenants' code can reach the intake too. */
class IntakeGuardTest {

    private static final int PATIENCE = 15_000;
    private static final Duration GREETING = Duration.ofSeconds(3);

    @TempDir
    Path dir;

    private final InstanceId instance = new InstanceId(UUID.randomUUID());
    private IntakeCertificate certificate;
    private RememberedSessions sessions;
    private GuestIntake intake;

    @BeforeEach
    void start() throws Exception {
        certificate = IntakeCertificate.loadOrCreate(dir.resolve("intake.pem"), Clock.systemUTC());
        sessions = new RememberedSessions(instance, "token", spec());
        intake = new GuestIntake(
                InetAddress.getLoopbackAddress(),
                0,
                certificate,
                sessions,
                new GuestIntake.Limits(2, GREETING, Duration.ofSeconds(1)));
        intake.start();
    }

    @AfterEach
    void stop() throws Exception {
        intake.close();
    }

    @Test
    void theCertificateIsMadeOnceAndOnlyItsOwnerReadsIt() throws Exception {
        var file = dir.resolve("intake.pem");
        assertThat(IntakeCertificate.loadOrCreate(file, Clock.systemUTC()).pin())
                .isEqualTo(certificate.pin())
                .matches("[0-9a-f]{64}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aDamagedCertificateFileIsNotReplaced() throws Exception {
        var file = Files.writeString(dir.resolve("damaged.pem"), "nothing");
        assertThatThrownBy(() -> IntakeCertificate.loadOrCreate(file, Clock.systemUTC()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged.pem");
        assertThat(file).hasContent("nothing");
    }

    @Test
    void whoeverSaysNothingIsLetGo() throws Exception {
        try (var silent = new Socket(InetAddress.getLoopbackAddress(), intake.port());
                var secured = connect()) {
            assertThat(endOf(silent)).isTrue();
            assertThat(endOf(secured)).isTrue();
        }
    }

    @Test
    void aWelcomedGuestThatFallsSilentIsLetGo() throws Exception {
        try (var guest = welcomed()) {
            assertThat(endOf(guest)).isTrue();
        }
        assertThat(sessions.events).contains("connected");
    }

    @Test
    void noMoreConnectionsAreTakenThanAllowed() throws Exception {
        try (var first = new Socket(InetAddress.getLoopbackAddress(), intake.port());
                var second = new Socket(InetAddress.getLoopbackAddress(), intake.port());
                var third = new Socket(InetAddress.getLoopbackAddress(), intake.port())) {
            var began = System.nanoTime();
            assertThat(endOf(third)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(GREETING.dividedBy(2));
            assertThat(endOf(first, 50)).isFalse();
            assertThat(endOf(second, 50)).isFalse();
        }
    }

    @Test
    void whatIsNoHelloEndsTheConnection() throws Exception {
        for (var line : List.of("nonsense", "{}", "{\"type\":\"ping\"}", "[1,2]", "{\"type\":\"logs\",\"lines\":[]}")) {
            try (var peer = connect()) {
                say(peer, line);
                assertThat(endOf(peer)).as(line).isTrue();
            }
        }
        assertThat(sessions.events).isEmpty();
    }

    @Test
    void anotherProtocolIsRefusedForGood() throws Exception {
        try (var peer = connect()) {
            say(
                    peer,
                    "{\"type\":\"hello\",\"protocol\":2,\"instance\":\"%s\",\"token\":\"token\",\"kind\":\"first\"}"
                            .formatted(instance));
            assertThat(answer(peer)).contains("\"type\":\"refused\"").contains("\"retry\":false");
        }
    }

    @Test
    void linesWhoseNumbersDoNotRiseAreNotStored() throws Exception {
        for (var numbers : List.of(new long[] {1, 1}, new long[] {2, 1}, new long[] {0, 1})) {
            try (var peer = welcomed()) {
                say(
                        peer,
                        "{\"type\":\"logs\",\"lines\":[%s,%s]}"
                                .formatted(line(numbers[0], "a"), line(numbers[1], "b")));
                assertThat(endOf(peer)).isTrue();
            }
        }
        assertThat(sessions.lines).isEmpty();
    }

    @Test
    void aNulInALineCanBeStored() throws Exception {
        try (var peer = welcomed()) {
            say(peer, "{\"type\":\"logs\",\"lines\":[%s]}".formatted(line(1, "a\\u0000b")));
            assertThat(answer(peer)).contains("\"type\":\"ack\"").contains("\"seq\":1");
        }
        assertThat(sessions.texts()).containsExactly("a\uFFFDb");
    }

    @Test
    void aLineThatCannotBeStoredIsNotAcknowledged() throws Exception {
        sessions.storageFails = true;
        try (var peer = welcomed()) {
            say(peer, "{\"type\":\"logs\",\"lines\":[%s]}".formatted(line(1, "a")));
            assertThat(endOf(peer)).isTrue();
        }
    }

    @Test
    void secretsDoNotShow() {
        assertThat(new Admission.Welcome("session-secret", spec(), 1).toString())
                .doesNotContain("session-secret")
                .doesNotContain("value-secret");
        assertThat(new FromGuest.Hello(1, "i", "token-secret", "first", "1").toString())
                .doesNotContain("token-secret");
    }

    private static String line(long seq, String text) {
        return "{\"seq\":%d,\"time\":\"2026-01-02T03:04:05.678901Z\",\"stream\":\"stdout\",\"text\":\"%s\"}"
                .formatted(seq, text);
    }

    private SSLSocket welcomed() throws Exception {
        var peer = connect();
        say(
                peer,
                "{\"type\":\"hello\",\"protocol\":1,\"instance\":\"%s\",\"token\":\"token\",\"kind\":\"first\",\"more\":{}}"
                        .formatted(instance));
        assertThat(answer(peer)).contains("\"type\":\"welcome\"");
        return peer;
    }

    private SSLSocket connect() throws Exception {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Anyone()}, null);
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), intake.port());
        socket.setSoTimeout(PATIENCE);
        socket.startHandshake();
        return socket;
    }

    private static void say(Socket peer, String line) throws IOException {
        peer.getOutputStream().write((line + "\n").getBytes(UTF_8));
        peer.getOutputStream().flush();
    }

    private static String answer(Socket peer) throws IOException {
        var line = new StringBuilder();
        for (int b = peer.getInputStream().read();
                b != '\n' && b >= 0;
                b = peer.getInputStream().read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    /** Whether the other side ends the connection, with a proper end or a reset. */
    private static boolean endOf(Socket peer) throws IOException {
        return endOf(peer, PATIENCE);
    }

    private static boolean endOf(Socket peer, int patience) throws IOException {
        peer.setSoTimeout(patience);
        try {
            return peer.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static GuestSpec spec() {
        return new GuestSpec(
                List.of("true"),
                List.of(GuestVariable.of("SECRET", "value-secret")),
                "",
                "/",
                "",
                Duration.ofSeconds(1),
                new GuestSpec.Restart(GuestSpec.RestartPolicy.NEVER, Duration.ofMillis(100), Duration.ofSeconds(1)),
                "",
                List.of(),
                List.of(),
                List.of(),
                1 << 20);
    }

    /** The peers of these tests check nothing: it is the intake that is tried. */
    private static final class Anyone implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
