package io.containr.build.engine;

import io.containr.build.BuildProperties;
import io.containr.build.program.ProgramPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a Docker client that speaks BuildKit: one before 23 has it built in, a later one needs its buildx plugin. */
final class BuildKitClient {

    private static final Logger log = LoggerFactory.getLogger(BuildKitClient.class);
    private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.");
    private static final int FIRST_WITH_PLUGIN = 23;

    private final BuildProperties properties;
    private @Nullable Path found;

    BuildKitClient(BuildProperties properties) {
        this.properties = properties;
    }

    /** The program; empty where there is none. Looked for once it is needed, and again until one is found. */
    synchronized Optional<Path> program() throws InterruptedException {
        if (found == null) {
            Path configured = properties.dockerCli();
            List<Path> candidates = configured == null ? ProgramPath.all("docker") : List.of(configured);
            for (Path candidate : candidates) {
                if (canBuildKit(candidate)) {
                    log.info("Dockerfiles that need BuildKit are built by {}", candidate);
                    found = candidate;
                    break;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private static boolean canBuildKit(Path program) throws InterruptedException {
        Matcher version = VERSION.matcher(output(List.of(program.toString(), "--version")));
        if (!version.find()) {
            return false;
        }
        return Integer.parseInt(version.group(1)) < FIRST_WITH_PLUGIN
                || !output(List.of(program.toString(), "buildx", "version")).isEmpty();
    }

    /** What it prints; empty if it fails. */
    private static String output(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.getOutputStream().close();
                String text =
                        new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "";
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            log.debug("{} cannot be run", command.getFirst(), e);
            return "";
        }
    }
}
