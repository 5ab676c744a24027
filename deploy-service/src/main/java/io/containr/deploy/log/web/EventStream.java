package io.containr.deploy.log.web;

import io.containr.deploy.log.LogEntry;
import io.containr.deploy.log.LogSink;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Lines as server-sent events; each has the line's id, so that a client that comes back goes on where it was. */
final class EventStream implements LogSink {

    private static final long NO_TIMEOUT = 0;

    private final SseEmitter emitter = new SseEmitter(NO_TIMEOUT);

    SseEmitter emitter() {
        return emitter;
    }

    @Override
    public void send(List<LogEntry> entries) throws IOException {
        for (LogEntry entry : entries) {
            emitter.send(SseEmitter.event()
                    .id(Long.toString(entry.id()))
                    .data(ServiceLogEntry.of(entry), MediaType.APPLICATION_JSON));
        }
    }

    @Override
    public void heartbeat() throws IOException {
        emitter.send(SseEmitter.event().comment("alive"));
    }

    @Override
    public void end() {
        emitter.complete();
    }
}
