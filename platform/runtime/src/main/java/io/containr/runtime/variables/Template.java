package io.containr.runtime.variables;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value with references in it: {@code ${{Service.NAME}}}, {@code ${{shared.NAME}}} and, for another variable of the same
 * owner, {@code ${{NAME}}}. {@code $${{} stands for a literal {@code ${{}.
 */
public record Template(List<Part> parts) {

    private static final String OPENING = "${{";
    private static final String CLOSING = "}}";
    private static final String ESCAPED = "$" + OPENING;
    private static final Pattern REFERENCE = Pattern.compile(
            "\\s*(?:(?<owner>[a-zA-Z0-9][a-zA-Z0-9_ -]*?)\\s*\\.\\s*)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\\s*");

    /** A piece of a value. */
    public sealed interface Part permits Text, Reference {}

    /** What stands for itself. */
    public record Text(String text) implements Part {

        @Override
        public String toString() {
            return "Text[…]";
        }
    }

    public Template {
        parts = List.copyOf(parts);
    }

    /** @throws MalformedReferenceException at the first {@code ${{} that begins no reference */
    public static Template parse(String value) {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int position = 0;
        while (position < value.length()) {
            if (value.startsWith(ESCAPED, position)) {
                text.append(OPENING);
                position += ESCAPED.length();
            } else if (value.startsWith(OPENING, position)) {
                int end = value.indexOf(CLOSING, position);
                Reference reference = reference(value, position, end);
                flush(text, parts);
                parts.add(reference);
                position = end + CLOSING.length();
            } else {
                text.append(value.charAt(position++));
            }
        }
        flush(text, parts);
        return new Template(parts);
    }

    /** Whether it could be anything but itself; cheaper than looking closer. */
    public static boolean isPlain(String value) {
        return !value.contains(OPENING);
    }

    private static Reference reference(String value, int start, int end) {
        if (end < 0) {
            throw new MalformedReferenceException(start + 1, "is not closed by }}");
        }
        Matcher matcher = REFERENCE.matcher(value).region(start + OPENING.length(), end);
        if (!matcher.matches()) {
            throw new MalformedReferenceException(
                    start + 1, "must read ${{Service.NAME}}, ${{shared.NAME}} or ${{NAME}}; $${{ is a literal ${{");
        }
        return new Reference(matcher.group("owner"), matcher.group("name"));
    }

    private static void flush(StringBuilder text, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Text(text.toString()));
            text.setLength(0);
        }
    }

    /** Says where and what is wrong, and nothing of the value, which may be a secret. */
    public static final class MalformedReferenceException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MalformedReferenceException(int character, String problem) {
            super("the reference at character " + character + " " + problem);
        }

        public String problem() {
            return String.valueOf(getMessage());
        }
    }
}
