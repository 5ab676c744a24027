package io.containr.agent.instance;

import io.containr.contracts.ids.InstanceId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The tag that makes a guest of ours findable: {@code containr-i-} and the random end of its instance's id. */
final class InstanceTag {

    private static final int DIGITS = 12;

    private InstanceTag() {}

    static String of(InstanceId id) {
        String text = id.toString();
        return "containr-i-" + text.substring(text.length() - DIGITS);
    }

    /**
     * All tags that a guest of ours carries; the caller may add its own.
     *
     * @param common of all of them
     */
    static SortedSet<String> all(String common, InstanceId id) {
        return new TreeSet<>(List.of(common, of(id)));
    }
}
