package io.containr.project.input;

import java.util.ArrayList;
import java.util.List;
import org.codehaus.plexus.util.SelectorUtils;
import org.jspecify.annotations.Nullable;

/**
 * Patterns of paths in a repository: {@code *} and {@code ?} within a name, {@code **} for any directories; a directory means all
 * in it. The library's matching takes no time that explodes with what a user writes, which a regular expression might.
 */
public final class WatchPaths {

    private static final int MOST = 50;
    private static final int LONGEST = 255;

    private WatchPaths() {}

    /** The patterns as they are kept; notes the problems of each. */
    public static List<String> check(Problems problems, String field, List<@Nullable String> patterns) {
        if (patterns.size() > MOST) {
            problems.add(field, "must not have more than " + MOST + " entries");
            return List.of();
        }
        List<String> checked = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            String pattern = problems.require(field + "." + i, patterns.get(i), WatchPaths::pattern);
            if (pattern != null) {
                checked.add(pattern);
            }
        }
        return checked;
    }

    private static String pattern(String text) {
        String pattern = SourceRules.path(text);
        if (pattern.isEmpty() || pattern.length() > LONGEST || pattern.startsWith("%")) {
            throw new InvalidValueException("must be a pattern of paths such as apps/web/** or *.md");
        }
        return pattern;
    }

    /** Whether any of the paths fits any of the patterns; no patterns fit everything. */
    public static boolean match(List<String> patterns, List<String> paths) {
        return patterns.isEmpty()
                || paths.stream().anyMatch(path -> patterns.stream().anyMatch(pattern -> matches(pattern, path)));
    }

    private static boolean matches(String pattern, String path) {
        String whole = pattern.replaceFirst("^(?:\\./)+", "").replaceFirst("/+$", "");
        return SelectorUtils.matchPath(whole, path, "/", true)
                || SelectorUtils.matchPath(whole + "/**", path, "/", true);
    }
}
