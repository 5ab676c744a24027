package io.containr.proxmox.conformance;

import java.time.Duration;

/** How a check ended. */
public record Result(String group, String check, Outcome outcome, Duration took, String seen) {

    /** Only a failure makes the whole fail. */
    public enum Outcome {
        PASSED,
        SKIPPED,
        FAILED
    }
}
