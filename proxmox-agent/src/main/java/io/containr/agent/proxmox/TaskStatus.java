package io.containr.agent.proxmox;

import org.jspecify.annotations.Nullable;

/** How a task is doing. What it says when it ended is a hint: whoever needs certainty looks at what the task worked on. */
public sealed interface TaskStatus {

    record Running() implements TaskStatus {}

    /** Ended well, perhaps with warnings. */
    record Succeeded() implements TaskStatus {}

    /** Ended badly. {@code unexpected status} means that it was killed. */
    record Failed(String reason) implements TaskStatus {}

    /** Read as the API tells it. */
    static TaskStatus of(String status, @Nullable String exitStatus) {
        if (!status.equals("stopped")) {
            return new Running();
        }
        if (exitStatus != null && (exitStatus.equals("OK") || exitStatus.startsWith("WARNINGS:"))) {
            return new Succeeded();
        }
        return new Failed(exitStatus == null ? "ended without a status" : exitStatus.strip());
    }
}
