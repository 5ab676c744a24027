package io.containr.bench.agent;

import io.containr.simulator.engine.GuestListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What guests would do that run in name only: one socket answers health checks at all their addresses, and as many as are wanted speak
 * with the agent as guest-init does, each over a connection from its own address.
 */
final class PaperGuests implements GuestListener, AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PING_MILLIS = 15_000;
    private static final int BACKLOG = 4096;
    private static final int FIRST_PAUSE = 100;
    private static final int LONGEST_PAUSE = 2000;

    private final ServerSocket applications;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Clock clock = Clock.systemUTC();
    private final Set<Integer> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connected = new AtomicInteger();
    private volatile boolean connecting = true;
    private volatile boolean closed;

    PaperGuests() throws IOException {
        applications = new ServerSocket(0, BACKLOG);
        threads.execute(this::answer);
    }

    /** Where every guest's application listens. */
    int port() {
        return applications.getLocalPort();
    }

    int running() {
        return running.size();
    }

    /** Guests that the agent has welcomed and that are still there. */
    int connected() {
        return connected.get();
    }

    /** Whether guests that start from now on speak with the agent. */
    void connecting(boolean wanted) {
        connecting = wanted;
    }

    private void answer() {
        while (!closed) {
            try {
                applications.accept().close();
            } catch (IOException e) {
                if (!closed) {
                    throw new IllegalStateException("applications do not answer any more", e);
                }
            }
        }
    }

    @Override
    public void started(int vmid, Map<String, String> environment, @Nullable String address) {
        running.add(vmid);
        if (connecting && address != null) {
            threads.execute(() -> live(vmid, environment, address));
        }
    }

    @Override
    public void ended(int vmid) {
        running.remove(vmid);
    }

    private void live(int vmid, Map<String, String> environment, String address) {
        String session = null;
        int pause = FIRST_PAUSE;
        while (!closed && running.contains(vmid)) {
            try (SSLSocket socket = connect(environment, address)) {
                session = converse(vmid, socket, environment, session);
                pause = FIRST_PAUSE;
            } catch (IOException | GeneralSecurityException agentAway) {
                pause(pause / 2 + ThreadLocalRandom.current().nextInt(pause));
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SSLSocket connect(Map<String, String> environment, String address)
            throws IOException, GeneralSecurityException {
        String[] agent = environment.getOrDefault("CONTAINR_AGENT", "").split(":");
        Socket plain = new Socket();
        plain.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        plain.connect(new InetSocketAddress(agent[0], Integer.parseInt(agent[1])), 5000);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Pinned(environment.getOrDefault("CONTAINR_AGENT_PIN", ""))}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(plain, agent[0], plain.getPort(), true);
    }

    /** Until the connection ends; returns the session that the next one goes on with. */
    private @Nullable String converse(
            int vmid, SSLSocket socket, Map<String, String> environment, @Nullable String session) throws IOException {
        socket.setSoTimeout(PING_MILLIS);
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1024);
        send(
                out,
                Map.of(
                        "type",
                        "hello",
                        "protocol",
                        1,
                        "instance",
                        environment.getOrDefault("CONTAINR_INSTANCE", ""),
                        "token",
                        session == null ? environment.getOrDefault("CONTAINR_TOKEN", "") : session,
                        "kind",
                        session == null ? "first" : "session",
                        "version",
                        "bench"));
        JsonNode answer = JSON.readTree(String.valueOf(in.readLine()));
        if (!answer.path("type").asString("").equals("welcome")) {
            throw new IOException("not let in: " + answer);
        }
        String issued = answer.path("session").asString(session == null ? "" : session);
        if (session == null) {
            send(out, Map.of("type", "confirm"));
            send(
                    out,
                    Map.of(
                            "type",
                            "state",
                            "state",
                            "running",
                            "pid",
                            7,
                            "restarts",
                            0,
                            "at",
                            clock.instant().toString()));
        }
        connected.incrementAndGet();
        try {
            listen(vmid, in, out);
        } catch (IOException agentGone) {
            return issued;
        } finally {
            connected.decrementAndGet();
        }
        return issued;
    }

    private void listen(int vmid, BufferedReader in, OutputStream out) throws IOException {
        while (!closed && running.contains(vmid)) {
            try {
                if (in.readLine() == null) {
                    return;
                }
            } catch (SocketTimeoutException silent) {
                send(out, Map.of("type", "ping"));
            }
        }
    }

    private static void send(OutputStream out, Map<String, Object> message) throws IOException {
        out.write((JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        applications.close();
        threads.shutdownNow();
    }

    /** Believes the one certificate. */
    private record Pinned(String pin) implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            try {
                byte[] seen = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!HexFormat.of().formatHex(seen).equals(pin)) {
                    throw new CertificateException("another agent");
                }
            } catch (GeneralSecurityException e) {
                throw new CertificateException(e);
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
