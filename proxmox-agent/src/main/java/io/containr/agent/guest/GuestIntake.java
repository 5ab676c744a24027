package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where guests call: a TLS 1.3 server with a virtual thread per connection. What is remembered lies behind {@link GuestSessions};
 * {@link #commands()} reaches the guests that are connected.
 *
 * <p>A guest that says nothing for {@link Limits#silence} is let go, and so is whoever is not welcome within
 * {@link Limits#greeting}. Losing a connection loses nothing: guests come again.
 */
public final class GuestIntake implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GuestIntake.class);
    private static final int BACKLOG = 256;

    private final InetSocketAddress bind;
    private final SSLSocketFactory tls;
    private final GuestSessions sessions;
    private final Limits limits;
    private final ConnectionBudget budget;
    private final ConnectedGuests guests = new ConnectedGuests();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("guest-", 0).factory());
    private final ScheduledThreadPoolExecutor deadlines = deadlines();
    private @Nullable ServerSocket server;

    /**
     * @param connections at most at once
     * @param greeting from the connection to the welcome
     * @param silence after which a connection counts as lost, for reading and writing
     */
    public record Limits(int connections, Duration greeting, Duration silence) {

        /** Those of the protocol. */
        public static Limits of(int connections) {
            return new Limits(connections, Duration.ofSeconds(15), Duration.ofSeconds(45));
        }
    }

    /** @param port 0: any free one, which {@link #port()} tells */
    public GuestIntake(
            InetAddress address, int port, IntakeCertificate certificate, GuestSessions sessions, Limits limits)
            throws GeneralSecurityException, IOException {
        this.bind = new InetSocketAddress(address, port);
        this.tls = certificate.context().getSocketFactory();
        this.sessions = sessions;
        this.limits = limits;
        this.budget = new ConnectionBudget(limits.connections());
    }

    /** Begins to listen. */
    public synchronized void start() throws IOException {
        var listening = new ServerSocket();
        listening.setReuseAddress(true);
        try {
            listening.bind(bind, BACKLOG);
        } catch (IOException e) {
            listening.close();
            throw new IOException("the guests' intake cannot listen on " + bind + ": " + e.getMessage(), e);
        }
        server = listening;
        Thread.ofVirtual().name("guest-intake").start(() -> accept(listening));
        log.info("guests call at {}", listening.getLocalSocketAddress());
    }

    /** Where guests call; only after {@link #start()}. */
    public synchronized int port() {
        if (server == null) {
            throw new IllegalStateException("the intake was not started");
        }
        return server.getLocalPort();
    }

    /** Reaches the guests that are connected. */
    public GuestCommands commands() {
        return guests;
    }

    /** How many guests are connected now. */
    public int connected() {
        return guests.size();
    }

    /** Lets all guests go and waits until the last one's messages are handled. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (server != null) {
                server.close();
            }
        }
        for (var socket : open) {
            socket.close();
        }
        threads.close();
        deadlines.shutdownNow();
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                open.add(socket);
                if (listening.isClosed()) {
                    socket.close(); // close() may have looked at the open ones before this one was there
                    return;
                }
                threads.execute(() -> handle(socket));
            } catch (RejectedExecutionException e) {
                return; // closing; the socket is closed with the others
            } catch (IOException e) {
                if (!listening.isClosed()) {
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
        secured.setEnabledProtocols(new String[] {"TLSv1.3"});
        secured.startHandshake();
        return secured;
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
