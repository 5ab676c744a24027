package io.containr.agent.proxmox;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Proxmox VE the agent works with: guests from OCI images came with 9.1. */
public final class SupportedVersion {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    private SupportedVersion() {}

    /** Whether this version, such as {@code 9.2.11}, is new enough. */
    public static boolean isSupported(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return false;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        return major > 9 || (major == 9 && minor >= 1);
    }
}
