package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/** The {@code entrypoint} of a guest: words quoted as for a POSIX shell, without expansions. */
final class CommandLine {

    private CommandLine() {}

    /** Splits into words; fails on a quote that is not closed. */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean hasNext = i + 1 < line.length();
            if (quote == '\'') {
                if (c == '\'') {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (quote == '"') {
                if (c == '"') {
                    quote = 0;
                } else if (c == '\\' && hasNext && "\"\\$`".indexOf(line.charAt(i + 1)) >= 0) {
                    word.append(line.charAt(++i));
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (c == '\\' && hasNext) {
                word.append(line.charAt(++i));
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw ApiException.failed("unterminated quote in entrypoint");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** Joins words so that {@link #split} gives them back. */
    static String join(List<String> words) {
        return String.join(" ", words.stream().map(CommandLine::quote).toList());
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
