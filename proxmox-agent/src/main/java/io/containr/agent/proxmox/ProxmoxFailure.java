package io.containr.agent.proxmox;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a refusal of Proxmox VE means. It answers almost everything with a 500 and a sentence: the one place where
 * sentences are told apart is here, held by a test against recorded answers.
 */
public enum ProxmoxFailure {
    /** The guest, file or storage entry is not there. */
    MISSING,
    /** The id or file is taken. */
    EXISTS,
    /** Nothing to do: it runs already. */
    ALREADY_RUNNING,
    /** Nothing to do: it does not run. */
    NOT_RUNNING,
    /** Cannot be done while it runs. */
    RUNNING,
    /** Another operation holds it; the same call may succeed later. */
    LOCKED,
    /** Changed by somebody else since it was read. */
    CHANGED,
    /** Nobody knows whether it was done: look before doing it again. */
    OUTCOME_UNKNOWN,
    /** The token is wrong or ran out. */
    UNAUTHENTICATED,
    /** The token may not do that. */
    DENIED,
    /** The call itself is wrong. */
    INVALID,
    /** No room. */
    STORAGE_FULL,
    /** The registry does not have the image, or does not give it to the node. */
    IMAGE_UNAVAILABLE,
    /** The cluster or node cannot work now. */
    UNAVAILABLE,
    /** Anything else. */
    OTHER;

    private record Rule(Pattern text, ProxmoxFailure meaning) {
        static Rule of(String regex, ProxmoxFailure meaning) {
            return new Rule(Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), meaning);
        }
    }

    /** In order: the first that is found in the text decides. */
    private static final List<Rule> RULES = List.of(
            Rule.of("can't lock file .*got timeout", LOCKED),
            Rule.of("CT is locked \\(|VM is locked \\(", LOCKED),
            Rule.of("got timeout.*(lock|flock)|failed to obtain .*lock", LOCKED),
            Rule.of("CT \\d+ already running|already running$", ALREADY_RUNNING),
            Rule.of("already exists|refusing to override existing file", EXISTS),
            Rule.of("container is running|while the source CT is running|in-use volume", RUNNING),
            Rule.of("CT \\d+ not running|not running$", NOT_RUNNING),
            Rule.of("detected modified configuration", CHANGED),
            Rule.of("no quorum|cluster not ready", UNAVAILABLE),
            Rule.of("hostname lookup '.*' failed|no route to host|connection timed out", UNAVAILABLE),
            Rule.of(
                    "no space left|not enough free space|out of space|insufficient free (space|extents)|free space in thin pool .* reached threshold",
                    STORAGE_FULL),
            // The registry did not answer, or not well: it may later.
            Rule.of(
                    "(initializing source|pinging container registry|reading manifest).*"
                            + "(connection refused|connection reset|timeout|no such host|toomanyrequests|(http status|status):? 5\\d\\d)",
                    UNAVAILABLE),
            Rule.of(
                    "manifest unknown|repository name not known|name unknown|unauthorized: |authentication required",
                    IMAGE_UNAVAILABLE),
            Rule.of(
                    "reading manifest .* in |initializing source docker://|pinging container registry",
                    IMAGE_UNAVAILABLE),
            Rule.of(
                    "Configuration file '.*' does not exist|no such (volume|file|task)|(volume|disk image) '.*' does not exist",
                    MISSING),
            Rule.of("unexpected status", OUTCOME_UNKNOWN));

    /**
     * What an answer means.
     *
     * @param status of the answer, 4xx or 5xx
     * @param message of its body, empty where it has none
     */
    public static ProxmoxFailure ofAnswer(int status, String message) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> DENIED;
            case 400 -> ofText(message) == EXISTS || ofText(message) == MISSING ? ofText(message) : INVALID;
            case 501, 506 -> INVALID;
            case 502, 503, 504, 595, 596, 597, 598, 599 -> OUTCOME_UNKNOWN;
            default -> ofText(message);
        };
    }

    /** What the last line of a failed task means. */
    public static ProxmoxFailure ofTask(String reason) {
        return ofText(reason);
    }

    /** Whether the same call may succeed later without anything else being done. */
    public boolean isPassing() {
        return switch (this) {
            case LOCKED, CHANGED, OUTCOME_UNKNOWN, UNAVAILABLE, UNAUTHENTICATED -> true;
            case MISSING,
                    EXISTS,
                    ALREADY_RUNNING,
                    NOT_RUNNING,
                    RUNNING,
                    DENIED,
                    INVALID,
                    STORAGE_FULL,
                    IMAGE_UNAVAILABLE,
                    OTHER -> false;
        };
    }

    private static ProxmoxFailure ofText(String text) {
        return RULES.stream()
                .filter(rule -> rule.text().matcher(text.strip()).find())
                .findFirst()
                .map(Rule::meaning)
                .orElse(OTHER);
    }
}
