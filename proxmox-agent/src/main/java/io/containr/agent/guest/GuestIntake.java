package io.containr.agent.guest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.time.Duration;
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

    private final SSLSocketFactory tls;
    private final GuestSessions sessions;
    private final Limits limits;
    private final ConnectedGuests guests = new ConnectedGuests();
    private InetSocketAddress address;
    private @Nullable IntakeListener listener;

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

    /** @param port 0: any free one, which {@link #port()} tells; it stays the same over a restart */
    public GuestIntake(
            InetAddress address, int port, IntakeCertificate certificate, GuestSessions sessions, Limits limits)
            throws GeneralSecurityException, IOException {
        this.address = new InetSocketAddress(address, port);
        this.tls = certificate.context().getSocketFactory();
        this.sessions = sessions;
        this.limits = limits;
    }

    /** Begins to listen, for the first time or after {@link #close()}. */
    public synchronized void start() throws IOException {
        if (listener != null) {
            throw new IllegalStateException("the intake was started already");
        }
        var server = new ServerSocket();
        server.setReuseAddress(true);
        try {
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException("the guests' intake cannot listen on " + address + ": " + e.getMessage(), e);
        }
        address = new InetSocketAddress(address.getAddress(), server.getLocalPort());
        listener = new IntakeListener(server, tls, sessions, guests, limits);
        listener.start();
        log.info("guests call at {}", address);
    }

    /** Where guests call; only after {@link #start()}. */
    public synchronized int port() {
        if (listener == null) {
            throw new IllegalStateException("the intake was not started");
        }
        return listener.port();
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
    public synchronized void close() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }
}
