package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of the intake, from a listening socket to the end of the last connection. */
final class IntakeListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IntakeListener.class);

    private final ServerSocket server;
    private final SSLSocketFactory tls;
    private final GuestSessions sessions;
    private final ConnectedGuests guests;
    private final GuestIntake.Limits limits;
    private final ConnectionBudget budget;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("guest-", 0).factory());
    private final ScheduledThreadPoolExecutor deadlines = deadlines();
    private final Thread accepting = Thread.ofVirtual().name("guest-intake").unstarted(this::accept);

    /** @param server listens already; closed with this */
    IntakeListener(
            ServerSocket server,
            SSLSocketFactory tls,
            GuestSessions sessions,
            ConnectedGuests guests,
            GuestIntake.Limits limits) {
        this.server = server;
        this.tls = tls;
        this.sessions = sessions;
        this.guests = guests;
        this.limits = limits;
        this.budget = new ConnectionBudget(limits.connections());
    }

    void start() {
        accepting.start();
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        awaitRelease();
        for (var socket : open) {
            socket.close();
        }
        threads.close();
        deadlines.shutdownNow();
    }

    /** The port stays taken until the thread that waits for guests has noticed that it is closed. */
    private void awaitRelease() {
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close(); // close() may have looked at the open ones before this one was there
                    return;
                }
                threads.execute(() -> handle(socket));
            } catch (RejectedExecutionException e) {
                return; // closing; the socket is closed with the others
            } catch (IOException e) {
                if (!server.isClosed()) {
                    log.warn("a guest could not be accepted", e);
                }
            }
        }
    }

    private void handle(Socket socket) {
        var source = socket.getInetAddress();
        try (socket) {
            if (!budget.acquire(source)) {
                log.warn("too many connections: one from {} is not taken", source.getHostAddress());
                return;
            }
            try {
                converse(socket);
            } finally {
                budget.release(source);
            }
        } catch (ProtocolException e) {
            log.warn("the guest at {} breaks the protocol: {}", source.getHostAddress(), e.getMessage());
        } catch (IOException e) {
            log.debug("the connection from {} ended: {}", source.getHostAddress(), e.toString());
        } finally {
            open.remove(socket);
        }
    }

    private void converse(Socket socket) throws IOException {
        GuestConnection connection;
        InstanceId instance;
        var deadline = closeAfter(socket, limits.greeting());
        try {
            var secured = secure(socket);
            var channel = new GuestChannel(secured, () -> closeAfter(socket, limits.silence()));
            connection = new GuestConnection(socket, channel, sessions, guests);
            instance = connection.greet();
        } finally {
            deadline.cancel(false);
        }
        if (instance != null) {
            serve(connection, instance);
        }
    }

    private SSLSocket secure(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) limits.silence().toMillis());
        var secured = (SSLSocket) tls.createSocket(socket, null, socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.setSSLParameters(parameters());
        secured.startHandshake();
        return secured;
    }

    /**
     * Of what every guest can, that which costs this JVM least where nothing but the first compiler works, which knows no instructions for
     * AES: all guests come at once after a restart. What is not named is not looked at for each of them, either.
     */
    private static SSLParameters parameters() {
        var parameters = new SSLParameters(
                new String[] {"TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}, new String[] {"TLSv1.3"});
        parameters.setNamedGroups(new String[] {"x25519", "secp256r1"});
        parameters.setSignatureSchemes(new String[] {"ecdsa_secp256r1_sha256"});
        return parameters;
    }

    private void serve(GuestConnection connection, InstanceId instance) throws IOException {
        try {
            guests.attach(instance, connection);
            sessions.connected(instance);
            connection.serve(instance);
        } catch (ProtocolException | IOException e) {
            throw e;
        } catch (RuntimeException e) {
            log.warn("the connection of guest {} ends: what it said could not be taken in", instance, e);
        } finally {
            if (guests.detach(instance, connection)) {
                sessions.disconnected(instance);
            }
        }
    }

    /** Closing the plain socket under the TLS one ends any blocked read or write. */
    private Future<?> closeAfter(Socket socket, Duration patience) {
        return deadlines.schedule(
                () -> {
                    try {
                        socket.close();
                    } catch (IOException e) {
                        log.debug("closing a connection that took too long", e);
                    }
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("guest-deadlines").daemon().factory());
        executor.setRemoveOnCancelPolicy(true); // most are cancelled within a millisecond
        return executor;
    }
}
