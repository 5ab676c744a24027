package io.containr.contracts.log;

import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of one source, in order. Delivered at least once: (source, seq) tells a repeated line.
 *
 * @param build set for lines of a build
 * @param instance set for lines of a running application
 */
public record LogLines(
        ServiceId service,
        ProjectId project,
        @Nullable DeploymentId deployment,
        @Nullable BuildId build,
        @Nullable InstanceId instance,
        List<Line> lines) {

    public LogLines {
        lines = List.copyOf(lines);
    }

    /**
     * @param seq rises by one within a build or an instance
     * @param stream stdout, stderr or system
     */
    public record Line(long seq, Instant time, String stream, String text) {}
}
