package io.containr.build.builder;

import io.containr.build.BuildProperties;
import io.containr.build.engine.BuildPlan;
import io.containr.build.engine.DockerfileBuilds;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.build.program.ChildProgram;
import io.containr.build.program.ProgramPath;
import io.containr.build.source.SourceCopy;
import io.containr.build.source.SourceLinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Nixpacks: its program writes a Dockerfile into the source, which is then built like any other. The Dockerfile takes its
 * variables as build arguments; which ones, and what the program adds of its own, its plan says.
 */
@Component
class Nixpacks {

    private static final String DIRECTORY = ".nixpacks";
    private static final long MAX_PLAN = 4 << 20;
    private static final String INSTALL = "nixpacks is not installed on this platform. An operator installs it as"
            + " https://nixpacks.com/docs/install says, on the PATH of build-service or where containr.build.nixpacks points.";

    private final DockerfileBuilds engine;
    private final BuildProperties properties;

    Nixpacks(DockerfileBuilds engine, BuildProperties properties) {
        this.engine = engine;
        this.properties = properties;
    }

    /**
     * Builds an image, tagged as the build says.
     *
     * @throws UnsuitableException if the program is missing or does not know what to do with the source
     */
    void build(SourceBuild build, BuildOutput output)
            throws UnsuitableException, BuildFailedException, InterruptedException, IOException {
        Path program = ProgramPath.find(properties.nixpacks(), "nixpacks")
                .orElseThrow(() -> new UnsuitableException(BuildErrorCode.BUILDER_UNAVAILABLE, INSTALL));
        Path scratch = Files.createDirectories(build.scratch().resolve("nixpacks"));
        Path source = build.ours() ? build.directory() : SourceCopy.into(build.directory(), scratch.resolve("source"));
        FileSystemUtils.deleteRecursively(source.resolve(DIRECTORY));
        SourceLinks.requireInside(source);
        output.info("Planning with nixpacks");
        Map<String, String> arguments = plan(program, build, source, scratch, output);
        ToolArguments command = arguments(program, "build", build, source)
                .with("--out", source.toString())
                .with("--cache-key", build.cacheKey())
                .flag("--no-error-without-start");
        int exit = run(command, source, scratch, null, output);
        Path dockerfile = source.resolve(DIRECTORY).resolve("Dockerfile");
        if (exit != 0 || !Files.isRegularFile(dockerfile, LinkOption.NOFOLLOW_LINKS)) {
            throw unsuitable(exit);
        }
        engine.build(
                new BuildPlan(source, dockerfile, build.tag(), arguments, Map.of(), build.labels(), build.scratch()),
                output);
    }

    /** The variables of the build, those that the program itself adds among them. */
    private static Map<String, String> plan(
            Path program, SourceBuild build, Path source, Path scratch, BuildOutput output)
            throws UnsuitableException, InterruptedException, IOException {
        Path plan = scratch.resolve("plan.json");
        ToolArguments command = arguments(program, "plan", build, source).with("--format", "json");
        int exit = run(command, source, scratch, plan, output);
        if (exit != 0 || Files.size(plan) > MAX_PLAN) {
            throw unsuitable(exit);
        }
        Map<String, String> arguments = new HashMap<>();
        try {
            for (Map.Entry<String, JsonNode> variable : JsonMapper.shared()
                    .readTree(Files.readAllBytes(plan))
                    .path("variables")
                    .properties()) {
                arguments.put(variable.getKey(), variable.getValue().asString(""));
            }
        } catch (JacksonException e) {
            throw unsuitable(exit);
        }
        arguments.putAll(build.variables());
        return arguments;
    }

    private static ToolArguments arguments(Path program, String verb, SourceBuild build, Path source) {
        return new ToolArguments(program, verb, source.toString())
                .with("--build-cmd", build.buildCommand())
                .with("--start-cmd", build.startCommand())
                .variables(build.variables());
    }

    private static int run(
            ToolArguments command, Path source, Path scratch, @Nullable Path standardOutput, BuildOutput output)
            throws IOException, InterruptedException {
        return new ChildProgram(command.list(), source, command.environment(scratch), standardOutput).run(output);
    }

    private static UnsuitableException unsuitable(int exit) {
        return new UnsuitableException(
                BuildErrorCode.BUILD_PLAN_FAILED, "nixpacks found no way to build this source (status " + exit + ").");
    }
}
