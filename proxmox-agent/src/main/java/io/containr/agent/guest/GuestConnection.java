package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest's connection from hello to its end. Everything it says is handled by one thread, in order. */
final class GuestConnection {

    private static final Logger log = LoggerFactory.getLogger(GuestConnection.class);
    private static final int PROTOCOL = 1;

    private final Socket socket;
    private final InetAddress source;
    private final GuestChannel channel;
    private final GuestSessions sessions;
    private final ConnectedGuests guests;
    private long lastSeq;

    /** @param socket closed to end the connection, whatever it is doing */
    GuestConnection(Socket socket, GuestChannel channel, GuestSessions sessions, ConnectedGuests guests) {
        this.socket = socket;
        this.source = socket.getInetAddress();
        this.channel = channel;
        this.sessions = sessions;
        this.guests = guests;
    }

    /** Reads hello and answers it; null where the guest is turned away. */
    @Nullable
    InstanceId greet() throws IOException {
        if (!(channel.read() instanceof FromGuest.Hello hello)) {
            throw new ProtocolException("the first message is not hello");
        }
        var instance = instanceOf(hello);
        var admission = instance == null
                ? new Admission.Refused("not an instance, or not a protocol, that this agent knows", false)
                : admit(hello, instance);
        return switch (admission) {
            case Admission.Refused refused -> {
                log.info("guest {} at {} is refused: {}", instance, source.getHostAddress(), refused.reason());
                channel.write(new ToGuest.Refused(refused.reason(), refused.retry()));
                yield null;
            }
            case Admission.Welcome welcome -> {
                lastSeq = welcome.acked();
                channel.write(ToGuest.Welcome.of(welcome));
                yield Objects.requireNonNull(instance);
            }
        };
    }

    /** Handles messages until the guest has no more. */
    void serve(InstanceId instance) throws IOException {
        for (var message = channel.read(); message != null; message = channel.read()) {
            switch (message) {
                case FromGuest.Confirm _ -> sessions.confirm(instance);
                case FromGuest.Ping _ -> channel.write(new ToGuest.Pong());
                case FromGuest.Logs logs -> store(instance, logs);
                case FromGuest.State told -> {
                    var state = told.checked();
                    if (state != null) {
                        sessions.state(instance, state);
                    }
                }
                case FromGuest.Output output -> guests.output(instance, output);
                case FromGuest.Result result -> guests.result(instance, result);
                case FromGuest.Hello _ -> throw new ProtocolException("a second hello");
                case FromGuest.Unknown _ -> log.debug("guest {} said something unknown", instance);
            }
        }
    }

    void send(ToGuest message) throws IOException {
        channel.write(message);
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("closing a guest's connection", e);
        }
    }

    private void store(InstanceId instance, FromGuest.Logs logs) throws IOException {
        var lines = logs.checked(lastSeq);
        sessions.lines(instance, lines);
        lastSeq = lines.getLast().seq();
        channel.write(new ToGuest.Ack(lastSeq));
    }

    private Admission admit(FromGuest.Hello hello, InstanceId instance) {
        var token = hello.token();
        if (token == null || token.isEmpty()) {
            return new Admission.Refused("no token", false);
        }
        try {
            return switch (hello.kind()) {
                case "first" -> sessions.firstContact(instance, token, source);
                case "session" -> sessions.resume(instance, token, source);
                case null, default -> new Admission.Refused("unknown kind of token", false);
            };
        } catch (RuntimeException e) {
            log.warn("guest {} cannot be let in now", instance, e);
            return new Admission.Refused("the agent cannot answer now", true);
        }
    }

    private static @Nullable InstanceId instanceOf(FromGuest.Hello hello) {
        try {
            return hello.protocol() == PROTOCOL && hello.instance() != null ? InstanceId.of(hello.instance()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
