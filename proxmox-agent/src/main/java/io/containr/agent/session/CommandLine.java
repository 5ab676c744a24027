package io.containr.agent.session;

import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import java.util.List;
import java.util.stream.Stream;

/** What an instance runs. */
public final class CommandLine {

    private CommandLine() {}

    /** The command that was asked for, else the image's entrypoint with its command; empty where neither says anything. */
    public static List<String> of(InstanceSpec spec) {
        List<String> command = spec.command();
        if (command != null && !command.isEmpty()) {
            return command;
        }
        PreparedImage.Config image = spec.image().config();
        return Stream.concat(image.entrypoint().stream(), image.command().stream())
                .toList();
    }
}
