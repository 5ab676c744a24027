package io.containr.agent.instance;

import io.containr.contracts.ids.InstanceId;

/** The tag that makes a guest of ours findable: {@code containr-i-} and the random end of its instance's id. */
final class InstanceTag {

    private static final int DIGITS = 12;

    private InstanceTag() {}

    static String of(InstanceId id) {
        String text = id.toString();
        return "containr-i-" + text.substring(text.length() - DIGITS);
    }
}
