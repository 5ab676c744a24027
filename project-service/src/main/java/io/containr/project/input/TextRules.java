package io.containr.project.input;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names and other texts must look like. Each rule returns the text as it is kept. */
public final class TextRules {

    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_TITLE = 100;
    private static final int LONGEST_DESCRIPTION = 2000;
    private static final int LONGEST_COMMAND = 4096;
    private static final int LONGEST_SEARCH = 100;
    private static final int LONGEST_URL_PATH = 1024;
    private static final Pattern URL_PATH = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+");
    private static final int LONGEST_MOUNT_PATH = 255;
    private static final Pattern MOUNT_PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+");
    private static final Pattern RESERVED = Pattern.compile(
            "^/(?:proc|sys|dev|\\.containr|etc|bin|sbin|lib|lib64|usr|boot)$|^/(?:proc|sys|dev|\\.containr)/");
    private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_ -]*");

    private TextRules() {}

    /** The name of a project or service: host names derive from it. */
    public static String name(String text) {
        String name = text.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new InvalidValueException("must have 1 to " + LONGEST_NAME + " characters");
        }
        if (!NAME.matcher(name).matches()) {
            throw new InvalidValueException(
                    "must start with a letter or digit and may contain a-z, A-Z, 0-9, hyphen, underscore and space");
        }
        return name;
    }

    /** One line for people to know something by. */
    public static String title(String text) {
        String title = text(text.strip(), LONGEST_TITLE);
        if (title.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("must not contain control characters");
        }
        return title;
    }

    public static String description(String text) {
        return text(text, LONGEST_DESCRIPTION);
    }

    public static String command(String text) {
        return text(text.strip(), LONGEST_COMMAND);
    }

    /** The path, and perhaps the query, of an HTTP request. */
    public static String urlPath(String text) {
        String path = text.strip();
        if (path.length() > LONGEST_URL_PATH || !URL_PATH.matcher(path).matches()) {
            throw new InvalidValueException("must be the path of a URL and start with a slash");
        }
        return path;
    }

    /** Where something is mounted: absolute, without detours. */
    public static String mountPath(String text) {
        String path = text.strip();
        if (path.length() > LONGEST_MOUNT_PATH
                || !MOUNT_PATH.matcher(path).matches()
                || RESERVED.matcher(path).find()) {
            throw new InvalidValueException(
                    "must be an absolute path of letters, digits, dots, hyphens and underscores, such as /var/lib/data, and none of the system's own");
        }
        return path;
    }

    /** The name of a region, whether there is one or not. */
    public static String region(String text) {
        if (!REGION.matcher(text).matches()) {
            throw new InvalidValueException("must be the name of a region: lower-case letters, digits and hyphens");
        }
        return text;
    }

    /** What to look for in a list; also text that cannot be found is fine. */
    public static String search(String text) {
        return text(text.strip(), LONGEST_SEARCH);
    }

    /** Null for a text that says nothing. */
    public static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static String text(String text, int longest) {
        if (text.length() > longest) {
            throw new InvalidValueException("must not be longer than " + longest + " characters");
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
            throw new InvalidValueException("must not contain control characters");
        }
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new InvalidValueException("is not valid Unicode");
        }
        return text;
    }
}
