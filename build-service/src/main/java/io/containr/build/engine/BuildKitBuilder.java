package io.containr.build.engine;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.build.log.BuildOutput.Stream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Builds by the engine's BuildKit, through the Docker client and an argument list, inside {@link BuildKitCage}. The build's time
 * limit holds here too, since ending the client ends the build.
 */
final class BuildKitBuilder {

    /** Names that mean something to the client itself; their values must not become its environment. */
    private static final Pattern CLIENT_VARIABLE = Pattern.compile(
            "(?i)(PATH|HOME|USER|TMPDIR|TERM|NO_COLOR|LANG|LC_.*|LD_.*|MALLOC_.*|GLIBC_.*|GCONV_PATH|LOCALDOMAIN|RES_OPTIONS"
                    + "|HOSTALIASES|NLSPATH|GO.*|GRPC_.*|OTEL_.*|SSL_.*|XDG_.*|SSH_.*|DOCKER_.*|BUILDKIT_.*|BUILDX_.*|COMPOSE_.*"
                    + "|.*_PROXY)");

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
                        "The Dockerfile needs BuildKit (RUN --mount, heredocs, COPY --link or a syntax line), and this"
                                + " platform has no Docker client that offers it."));
        Path home = Files.createDirectories(plan.scratch().resolve("client"));
        Map<String, String> arguments = new TreeMap<>(plan.arguments());
        ProcessBuilder builder = new ProcessBuilder(command(program, plan, arguments));
        builder.directory(plan.context().toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "DOCKER_BUILDKIT", "1",
                        "DOCKER_HOST", properties.dockerHost().toString(),
                        "DOCKER_CONFIG", home.toString(),
                        "HOME", home.toString(),
                        "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        arguments.forEach((name, value) -> {
            if (!isClientVariable(name)) {
                builder.environment().put(name, value);
            }
        });
        try (BuildKitCage.Inside inside = cage.enter()) {
            run(builder, output);
        }
    }

    /** A value travels by the client's environment, not by its command line, which every user of the machine can read. */
    private static List<String> command(Path program, BuildPlan plan, Map<String, String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(), "build", "--progress=plain", "--file=" + plan.dockerfile(), "--tag=" + plan.tag()));
        arguments.forEach(
                (name, value) -> command.add("--build-arg=" + name + (isClientVariable(name) ? "=" + value : "")));
        new TreeMap<>(plan.labels()).forEach((name, value) -> command.add("--label=" + name + "=" + value));
        command.add("--");
        command.add(plan.context().toString());
        return command;
    }

    static boolean isClientVariable(String name) {
        return CLIENT_VARIABLE.matcher(name).matches();
    }

    private static void run(ProcessBuilder builder, BuildOutput output)
            throws IOException, InterruptedException, BuildFailedException {
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            Thread printer = Thread.ofVirtual().name("buildkit-output").start(() -> print(process, output));
            int exit = process.waitFor();
            printer.join();
            if (exit != 0) {
                throw new BuildFailedException(
                        BuildErrorCode.BUILD_FAILED, "The Dockerfile's build failed (status " + exit + ").");
            }
        } finally {
            end(process);
        }
    }

    private static void print(Process process, BuildOutput output) {
        char[] buffer = new char[8192];
        try (Reader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                output.write(Stream.STDOUT, new String(buffer, 0, read));
            }
        } catch (IOException e) {
            output.info("The rest of the output was lost.");
        }
    }

    /** SIGTERM first: it lets the client tell the engine to stop. */
    private static void end(Process process) {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
