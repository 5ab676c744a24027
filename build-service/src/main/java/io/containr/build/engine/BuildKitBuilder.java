package io.containr.build.engine;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.build.program.ChildProgram;
import io.containr.build.program.ClientVariables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Builds by the engine's BuildKit, through the Docker client and an argument list, inside {@link BuildKitCage}. The build's time
 * limit holds here too, since ending the client ends the build.
 */
final class BuildKitBuilder {

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final BuildKitClient client;
    private final BuildProperties properties;

    private final BuildKitCage cage;

    BuildKitBuilder(BuildKitClient client, BuildKitCage cage, BuildProperties properties) {
        this.client = client;
        this.cage = cage;
        this.properties = properties;
    }

    void build(BuildPlan plan, BuildOutput output) throws BuildFailedException, InterruptedException, IOException {
        Path program = client.program()
                .orElseThrow(() -> new BuildFailedException(
                        BuildErrorCode.BUILDKIT_UNAVAILABLE,
                        "The build needs BuildKit (RUN --mount, heredocs, COPY --link, a syntax line or railpack), and this"
                                + " platform has no Docker client that offers it."));
        Path home = Files.createDirectories(plan.scratch().resolve("client"));
        Map<String, String> environment = new HashMap<>();
        plan.arguments().forEach((name, value) -> {
            if (travelsByEnvironment(name)) {
                environment.put(name, value);
            }
        });
        environment.putAll(Map.of(
                "DOCKER_BUILDKIT", "1",
                "DOCKER_HOST", properties.dockerHost().toString(),
                "DOCKER_CONFIG", home.toString(),
                "HOME", home.toString(),
                "PATH", ChildProgram.PATH));
        List<String> command = command(program, plan, secrets(plan));
        try (BuildKitCage.Inside inside = cage.enter()) {
            int exit = new ChildProgram(command, plan.context(), environment, null).run(output);
            if (exit != 0) {
                throw new BuildFailedException(BuildErrorCode.BUILD_FAILED, "The build failed (status " + exit + ").");
            }
        }
    }

    /** A value travels by the client's environment, not by its command line, which every user of the machine can read. */
    private static List<String> command(Path program, BuildPlan plan, Map<String, Path> secrets) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(), "build", "--progress=plain", "--file=" + plan.dockerfile(), "--tag=" + plan.tag()));
        new TreeMap<>(plan.arguments())
                .forEach((name, value) ->
                        command.add("--build-arg=" + name + (travelsByEnvironment(name) ? "" : "=" + value)));
        new TreeMap<>(secrets).forEach((name, file) -> command.add("--secret=id=" + name + ",src=" + file));
        new TreeMap<>(plan.labels()).forEach((name, value) -> command.add("--label=" + name + "=" + value));
        command.add("--");
        command.add(plan.context().toString());
        return command;
    }

    /** A name that is none of a variable may be lost on the way, where the client is started by a shell. */
    private static boolean travelsByEnvironment(String name) {
        return VARIABLE.matcher(name).matches() && !ClientVariables.contains(name);
    }

    /** A file for each, which only this process's user can read. */
    private static Map<String, Path> secrets(BuildPlan plan) throws IOException {
        Map<String, Path> files = new HashMap<>();
        if (plan.secrets().isEmpty()) {
            return files;
        }
        Path directory = Files.createTempDirectory(plan.scratch(), "secrets-");
        for (Map.Entry<String, String> secret : plan.secrets().entrySet()) {
            Path file = Files.createFile(directory.resolve(secret.getKey()), OWNER_ONLY);
            files.put(secret.getKey(), Files.writeString(file, secret.getValue()));
        }
        return files;
    }
}
