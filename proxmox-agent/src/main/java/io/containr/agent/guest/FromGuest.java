package io.containr.agent.guest;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of a guest as they are on the wire. Anything may be missing: nothing here is believed yet. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = FromGuest.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = FromGuest.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = FromGuest.Confirm.class, name = "confirm"),
    @JsonSubTypes.Type(value = FromGuest.Ping.class, name = "ping"),
    @JsonSubTypes.Type(value = FromGuest.Logs.class, name = "logs"),
    @JsonSubTypes.Type(value = FromGuest.State.class, name = "state"),
    @JsonSubTypes.Type(value = FromGuest.Output.class, name = "output"),
    @JsonSubTypes.Type(value = FromGuest.Result.class, name = "result"),
})
sealed interface FromGuest {

    record Hello(
            int protocol,
            @Nullable String instance,
            @Nullable String token,
            @Nullable String kind,
            @Nullable String version)
            implements FromGuest {

        @Override
        public String toString() {
            return "Hello[protocol=%d, instance=%s, kind=%s, version=%s]".formatted(protocol, instance, kind, version);
        }
    }

    record Confirm() implements FromGuest {}

    record Ping() implements FromGuest {}

    /** A newer guest may say more than this agent understands. */
    record Unknown() implements FromGuest {}

    record Logs(@Nullable List<@Nullable Line> lines) implements FromGuest {

        List<GuestLine> checked(long after) {
            if (lines == null || lines.isEmpty()) {
                throw new ProtocolException("logs without lines");
            }
            var checked = new ArrayList<GuestLine>(lines.size());
            for (var line : lines) {
                if (line == null || line.seq <= after) {
                    throw new ProtocolException("line numbers do not rise");
                }
                after = line.seq;
                checked.add(line.checked());
            }
            return checked;
        }
    }

    record Line(
            long seq,
            @Nullable String time,
            @Nullable String stream,
            @Nullable String text,
            boolean partial) {

        private static final int MAX_TEXT = 64 * 1024;

        GuestLine checked() {
            if (text == null || stream == null || text.length() > MAX_TEXT) {
                throw new ProtocolException("not a line");
            }
            return new GuestLine(seq, instant(time), GuestLine.Stream.of(stream), storable(text), partial);
        }
    }

    record State(
            @Nullable String state,
            int pid,
            @Nullable Integer exitCode,
            @Nullable String signal,
            @Nullable String reason,
            int restarts,
            @Nullable Long nextStartMillis,
            @Nullable String at)
            implements FromGuest {

        /** Null for a state that this agent does not know. */
        @Nullable
        GuestState checked() {
            var when = instant(at);
            var nextStart = nextStartMillis == null ? null : Duration.ofMillis(nextStartMillis);
            return switch (state) {
                case "running" -> new GuestState.Running(pid, restarts, when);
                case "exited" ->
                    new GuestState.Exited(
                            exitCode == null ? 0 : exitCode, emptyToNull(signal), restarts, nextStart, when);
                case "failed" ->
                    new GuestState.Failed(reason == null ? "" : storable(reason), restarts, nextStart, when);
                case "stopping" -> new GuestState.Stopping(when);
                case null, default -> null;
            };
        }
    }

    record Output(@Nullable String id, @Nullable String stream, byte @Nullable [] data) implements FromGuest {}

    record Result(
            @Nullable String id,
            int exitCode,
            @Nullable String signal,
            @Nullable String error,
            long stdoutBytes,
            long stderrBytes)
            implements FromGuest {}

    private static Instant instant(@Nullable String text) {
        try {
            if (text != null) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            // told below, without what the guest sent
        }
        throw new ProtocolException("not a time");
    }

    /** A guest's root may send what guest-init never would; a NUL could not be stored. */
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : storable(text);
    }
}
