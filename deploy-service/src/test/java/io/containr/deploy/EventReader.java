package io.containr.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events as a browser does. */
final class EventReader implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final InputStream stream;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
    private final Thread reader;
    private String lastId = "";

    EventReader(InputStream stream) {
        this.stream = stream;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String id = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.add(line.substring(1));
                } else if (line.startsWith("id:")) {
                    id = line.substring(3);
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5));
                } else if (line.isEmpty() && !data.isEmpty()) {
                    events.add(new Event(
                            id, JSON.readTree(data.toString()).get("message").asString()));
                    data.setLength(0);
                }
            }
        } catch (IOException e) {
            // The test left the stream.
        }
    }

    /** The next so many messages, waiting for them. */
    List<String> messages(int count) throws InterruptedException {
        List<String> messages = new ArrayList<>();
        while (messages.size() < count) {
            Event event = events.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("after " + messages.size() + " messages no more came: " + messages);
            }
            lastId = event.id();
            messages.add(event.message());
        }
        return messages;
    }

    String lastId() {
        return lastId;
    }

    String nextComment() throws InterruptedException {
        String comment = comments.poll(10, TimeUnit.SECONDS);
        if (comment == null) {
            throw new AssertionError("no sign of life");
        }
        return comment;
    }

    boolean ended(long time, TimeUnit unit) throws InterruptedException {
        return reader.join(java.time.Duration.of(time, unit.toChronoUnit()));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private record Event(String id, String message) {}
}
