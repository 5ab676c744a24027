package io.containr.build.job;

import io.containr.build.builder.Procfile;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.project.ServiceKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What starts the application, where its image does not say. */
final class StartCommands {

    private StartCommands() {}

    /** What a builder that makes the image's command is told; null: nothing, it finds one, in a Procfile too. */
    static @Nullable String forBuilder(BuildRequest request, Procfile procfile) {
        if (request.startCommand() != null) {
            return request.startCommand();
        }
        ServiceKind kind = request.kind();
        return kind == null || kind == ServiceKind.WEB
                ? null
                : procfile.ofKind(kind).orElse(null);
    }

    /** The image as it is where it says what starts it, else with the Procfile's line, run by a shell as such lines are. */
    static PreparedImage fallback(PreparedImage image, Procfile procfile, BuildRequest request) {
        PreparedImage.Config config = image.config();
        if (!config.entrypoint().isEmpty() || !config.command().isEmpty()) {
            return image;
        }
        return procfile.command(request.kind())
                .map(line -> withCommand(image, List.of("/bin/sh", "-c", line)))
                .orElse(image);
    }

    private static PreparedImage withCommand(PreparedImage image, List<String> command) {
        PreparedImage.Config config = image.config();
        return new PreparedImage(
                image.repository(),
                image.tag(),
                image.digest(),
                image.sizeBytes(),
                new PreparedImage.Config(
                        config.entrypoint(),
                        command,
                        config.environment(),
                        config.user(),
                        config.workingDirectory(),
                        config.stopSignal(),
                        config.exposedPorts(),
                        config.volumes(),
                        config.architecture()));
    }
}
