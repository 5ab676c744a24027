package io.containr.project.input;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What the parts of a source must look like, before anything is fetched with them. */
public final class SourceRules {

    private static final int LONGEST_URL = 2048;
    private static final int LONGEST_PATH = 255;
    private static final int LONGEST_REFERENCE = 512;
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh");

    /** The short form of SSH that Git hosts show: {@code git@host:path}. */
    private static final Pattern SCP_LIKE = Pattern.compile(
            "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[A-Za-z0-9_~/.][^\\s\\\\]*+");

    private static final Pattern BRANCH = Pattern.compile("[^\\s\\p{Cntrl}~^:?*\\[\\\\]++");

    private static final String HOST = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]*+)(?::[0-9]{1,5})?";
    private static final String COMPONENT = "[a-z0-9]++(?:(?:[.]|_{1,2}|-++)[a-z0-9]++)*+";
    private static final Pattern IMAGE = Pattern.compile("(?:" + HOST + "/)?" + COMPONENT + "(?:/" + COMPONENT + ")*+"
            + "(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?");

    private SourceRules() {}

    /** An {@code http}, {@code https} or {@code ssh} URL of a Git repository; credentials belong elsewhere. */
    public static String repository(String text) {
        String url = text.strip();
        if (url.length() > LONGEST_URL) {
            throw new InvalidValueException("must not be longer than " + LONGEST_URL + " characters");
        }
        if (SCP_LIKE.matcher(url).matches()) {
            return url;
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw notARepository();
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || uri.getHost() == null || uri.getRawPath() == null) {
            throw notARepository();
        }
        if (uri.getRawPath().length() < 2 || uri.getRawFragment() != null) {
            throw notARepository();
        }
        String user = uri.getRawUserInfo();
        boolean sshUser = scheme.equals("ssh") && user != null && !user.contains(":");
        if (user != null && !sshUser) {
            throw new InvalidValueException("must not contain credentials");
        }
        return url;
    }

    private static InvalidValueException notARepository() {
        return new InvalidValueException("must be an http, https or ssh URL of a Git repository");
    }

    /** The name of a branch, after {@code git check-ref-format}. */
    public static String branch(String text) {
        String branch = text.strip();
        boolean wellFormed = branch.length() <= LONGEST_PATH
                && BRANCH.matcher(branch).matches()
                && !branch.startsWith("-")
                && !branch.startsWith("/")
                && !branch.endsWith("/")
                && !branch.endsWith(".")
                && !branch.endsWith(".lock")
                && !branch.contains("..")
                && !branch.contains("//")
                && !branch.contains("@{");
        if (!wellFormed) {
            throw new InvalidValueException("is not the name of a branch");
        }
        return branch;
    }

    /** A path that stays inside the repository. */
    public static String path(String text) {
        String path = text.strip();
        if (path.length() > LONGEST_PATH) {
            throw new InvalidValueException("must not be longer than " + LONGEST_PATH + " characters");
        }
        if (path.chars().anyMatch(Character::isISOControl) || path.contains("\\")) {
            throw new InvalidValueException("must not contain control characters or backslashes");
        }
        if (path.startsWith("/") || path.startsWith("-")) {
            throw new InvalidValueException("must be relative to the repository");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                throw new InvalidValueException("must not lead out of the repository");
            }
        }
        return path;
    }

    /** An image reference: optional registry, repository, optional tag and digest. */
    public static String image(String text) {
        String image = text.strip();
        if (image.length() > LONGEST_REFERENCE || !IMAGE.matcher(image).matches()) {
            throw new InvalidValueException("must be an image reference such as registry.example.com/team/app:1.2");
        }
        return image;
    }
}
