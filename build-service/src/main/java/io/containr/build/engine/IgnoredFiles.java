package io.containr.build.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a {@code .dockerignore} leaves out of the build's context, by the engine's own rules: the last pattern that matches
 * a file or one of its directories decides, {@code !} takes it back in.
 */
final class IgnoredFiles {

    private final List<Rule> rules;

    private IgnoredFiles(List<Rule> rules) {
        this.rules = rules;
    }

    static IgnoredFiles of(Path context) throws IOException {
        Path file = context.resolve(".dockerignore");
        if (!Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return new IgnoredFiles(List.of());
        }
        return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList());
    }

    static IgnoredFiles parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            boolean keeps = text.startsWith("!");
            String glob = clean(keeps ? text.substring(1).strip() : text);
            if (!glob.isEmpty()) {
                rules.add(new Rule(regex(glob), keeps));
            }
        }
        return new IgnoredFiles(List.copyOf(rules));
    }

    private static String clean(String glob) {
        String normal = Path.of(glob).normalize().toString().replaceFirst("^/+", "");
        return normal.startsWith("..") ? "" : normal;
    }

    /** @param path relative to the context, with slashes */
    boolean ignores(String path) {
        boolean ignored = false;
        for (Rule rule : rules) {
            if (ignored == rule.keeps() && rule.matches(path)) {
                ignored = !rule.keeps();
            }
        }
        return ignored;
    }

    /** Whether something below an ignored directory may be taken back in. */
    boolean hasExceptions() {
        return rules.stream().anyMatch(Rule::keeps);
    }

    private static Pattern regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' || c == ']') {
                regex.append(c);
            } else if (c == '\\' && i + 1 < glob.length()) {
                regex.append(Pattern.quote(String.valueOf(glob.charAt(++i))));
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex + "(?:/.*)?", Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            return Pattern.compile(Pattern.quote(glob) + "(?:/.*)?", Pattern.DOTALL);
        }
    }

    private record Rule(Pattern pattern, boolean keeps) {

        boolean matches(String path) {
            return pattern.matcher(path).matches();
        }
    }
}
