package io.containr.agent.guest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line, at most 1 MiB each, over a socket. Several threads may write, one reads. */
final class GuestChannel {

    private static final int MAX_LINE = 1 << 20;

    /** Small, since each of thousands of guests has one and says little. */
    private static final int BUFFER = 512;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final InputStream in;
    private final OutputStream out;
    private final Supplier<Future<?>> deadline;
    private final ReentrantLock writing = new ReentrantLock();

    /** @param deadline begins one for a write; it closes the connection unless it is cancelled */
    GuestChannel(Socket socket, Supplier<Future<?>> deadline) throws IOException {
        this.deadline = deadline;
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        out = socket.getOutputStream();
    }

    /**
     * The next message; null at the end of the connection.
     *
     * @throws ProtocolException for what is no message
     */
    @Nullable
    FromGuest read() throws IOException {
        var line = readLine();
        if (line == null) {
            return null;
        }
        try {
            return JSON.readValue(line, FromGuest.class);
        } catch (JacksonException e) {
            throw new ProtocolException("not a message of the protocol"); // the cause would repeat what was sent
        }
    }

    void write(ToGuest message) throws IOException {
        var line = new ByteArrayOutputStream(256);
        JSON.writerFor(ToGuest.class).writeValue(line, message);
        line.write('\n');
        if (line.size() > MAX_LINE) {
            throw new IllegalArgumentException("a message of %d bytes is too long for a guest".formatted(line.size()));
        }
        writing.lock();
        var pending = deadline.get(); // a guest that reads nothing must not hold a thread for ever
        try {
            out.write(line.toByteArray());
            out.flush();
        } finally {
            pending.cancel(false);
            writing.unlock();
        }
    }

    private byte @Nullable [] readLine() throws IOException {
        int b = in.read(); // where most wait, with nothing of a line yet
        var line = new ByteArrayOutputStream(512);
        for (; b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (line.size() == MAX_LINE) {
                throw new ProtocolException("a line longer than 1 MiB");
            }
            line.write(b);
        }
        return line.toByteArray();
    }
}
