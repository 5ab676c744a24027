package io.containr.simulator.task;

import io.containr.simulator.access.Caller;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identifier of a worker task: {@code UPID:node:pid:pstart:starttime:type:id:user[!token]:}, numbers in hexadecimal.
 *
 * @param pstart start of the process in hundredths of a second since the node's boot
 * @param startTime seconds since the epoch
 */
public record Upid(String node, long pid, long pstart, long startTime, String type, String id, Caller caller) {

    private static final Pattern FORM = Pattern.compile(
            "UPID:([a-zA-Z0-9-]+):([0-9A-F]{8,9}):([0-9A-F]{8,9}):([0-9A-F]{8}):([^:\\s]+):([^:\\s]*):([^:\\s!]+)(?:!([^:\\s]+))?:");

    /** Empty where the text is no task identifier. */
    public static Optional<Upid> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Upid(
                parts.group(1),
                Long.parseLong(parts.group(2), 16),
                Long.parseLong(parts.group(3), 16),
                Long.parseLong(parts.group(4), 16),
                parts.group(5),
                parts.group(6),
                new Caller(parts.group(7), token(parts))));
    }

    private static @Nullable String token(Matcher parts) {
        return parts.group(8);
    }

    @Override
    public String toString() {
        return "UPID:%s:%08X:%08X:%08X:%s:%s:%s:".formatted(node, pid, pstart, startTime, type, id, caller.id());
    }
}
