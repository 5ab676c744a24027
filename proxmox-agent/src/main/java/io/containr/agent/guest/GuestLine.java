package io.containr.agent.guest;

import java.time.Instant;

/**
 * A line a guest's application wrote, or guest-init itself (stream {@code SYSTEM}).
 *
 * @param seq rises within an instance; a gap means that lines were lost
 * @param text without NUL, at most 64 KiB
 * @param partial the line goes on in the next one of its stream
 */
public record GuestLine(long seq, Instant time, Stream stream, String text, boolean partial) {

    /** Where a line comes from. */
    public enum Stream {
        STDOUT("stdout"),
        STDERR("stderr"),
        SYSTEM("system");

        private final String wireName;

        Stream(String wireName) {
            this.wireName = wireName;
        }

        /** {@code stdout}, {@code stderr} or {@code system}. */
        public String wireName() {
            return wireName;
        }

        static Stream of(String wireName) {
            for (var stream : values()) {
                if (stream.wireName.equals(wireName)) {
                    return stream;
                }
            }
            throw new ProtocolException("unknown stream");
        }
    }
}
