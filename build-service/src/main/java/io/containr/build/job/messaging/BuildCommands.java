package io.containr.build.job.messaging;

import io.containr.build.job.Build;
import io.containr.build.job.BuildDesk;
import io.containr.build.job.BuildRequest;
import io.containr.contracts.Sealed;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Origins;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Turns commands into builds. */
@Component
public class BuildCommands {

    private final BuildDesk desk;
    private final Clock clock;

    BuildCommands(BuildDesk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** Queues the build that was asked for. */
    public void start(StartBuild command, MessageMeta meta) {
        Map<String, Sealed> variables = new HashMap<>(command.variables());
        variables.putAll(command.settings().environment());
        BuildRequest request = new BuildRequest(
                command.source(),
                null,
                command.settings().builder(),
                command.settings().buildCommand(),
                command.settings().startCommand(),
                command.kind(),
                command.branch(),
                command.commit(),
                variables,
                Map.of(),
                Map.of(),
                command.gitCredential());
        desk.request(Build.pending(
                command.build(),
                command.service(),
                command.project(),
                command.owner(),
                command.deployment(),
                request,
                null,
                null,
                clock.instant(),
                Origins.current()));
    }

    /** Stops a build that nobody waits for any more. */
    public void cancel(CancelBuild command, MessageMeta meta) {
        desk.cancel(command.build(), command.reason());
    }
}
