package io.containr.build.job;

import io.containr.build.builder.BuilderChoice;
import io.containr.build.builder.Procfile;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.project.ServiceKind;
import java.util.List;
import org.codehaus.plexus.util.cli.CommandLineUtils;
import org.jspecify.annotations.Nullable;

/** What starts the application, where its image does not say. */
public final class StartCommands {

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

    /** What a named image is told where its builder was not told; null: nothing. */
    static @Nullable List<String> ofImage(BuildRequest request, BuilderChoice builder) {
        String line = request.startCommand();
        if (line == null || takesStartCommand(builder)) {
            return null;
        }
        return words(line);
    }

    /**
     * Words as a shell would see them, quotes and all, but nothing is expanded and no shell runs.
     *
     * @throws IllegalArgumentException for a quote that does not end
     */
    public static List<String> words(String line) {
        try {
            return List.of(CommandLineUtils.translateCommandline(line.replace('\t', ' ')));
        } catch (Exception e) {
            throw new IllegalArgumentException("a quote does not end", e);
        }
    }

    /** What the image's builder was told is run as that builder has it run, by the image's own shell. */
    static PreparedImage as(BuilderChoice builder, PreparedImage image) {
        return takesStartCommand(builder) ? image.startingAsTold() : image;
    }

    private static boolean takesStartCommand(BuilderChoice builder) {
        return builder == BuilderChoice.RAILPACK || builder == BuilderChoice.NIXPACKS;
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
                        config.architecture()),
                image.startsAsTold());
    }
}
