package io.containr.build.job;

import java.util.Locale;

/** The parts of a build, in their order. */
public enum BuildPhase {
    CLONE(5),
    BUILD(25),
    PUSH(70),
    PREPARE(85);

    private final int progress;

    BuildPhase(int progress) {
        this.progress = progress;
    }

    /** How far a build is that has come to this part, of 100. */
    public int progress() {
        return progress;
    }

    /** As events name it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
