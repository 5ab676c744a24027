package io.containr.build.log;

import java.util.ArrayList;
import java.util.List;

/** Cuts text that comes in pieces into lines fit to store: no NUL, nothing overwritten by carriage returns, not too long. */
final class LineCutter {

    static final int MAX_LENGTH = 16 * 1024;

    private final StringBuilder rest = new StringBuilder();

    List<String> add(String text) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                lines.add(take());
            } else if (c != '\0') {
                rest.append(c);
                if (rest.length() >= MAX_LENGTH) {
                    lines.add(take());
                }
            }
        }
        return lines;
    }

    /** What came after the last line feed; empty if nothing did. */
    List<String> end() {
        return rest.isEmpty() ? List.of() : List.of(take());
    }

    private String take() {
        int end = rest.length();
        while (end > 0 && rest.charAt(end - 1) == '\r') {
            end--;
        }
        String line = rest.substring(rest.substring(0, end).lastIndexOf('\r') + 1, end);
        rest.setLength(0);
        return line;
    }
}
