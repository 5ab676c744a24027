package io.containr.build.builder;

import io.containr.build.BuildProperties;
import io.containr.build.engine.BuildPlan;
import io.containr.build.engine.DockerfileBuilds;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.build.program.ChildProgram;
import io.containr.build.program.ProgramPath;
import io.containr.build.source.SourceLinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Railpack: its program looks at the source and writes a plan, its BuildKit frontend of the same version carries it out.
 * Variables are secrets of the build: the plan has their names, and no layer has their values.
 */
@Component
class Railpack {

    /** EX_TEMPFAIL: a download failed that may succeed later. */
    private static final int TEMPORARY_FAILURE = 75;

    private static final int ATTEMPTS = 3;
    private static final String INSTALL = "railpack is not installed on this platform. An operator installs it as"
            + " https://railpack.com/installation says, on the PATH of build-service or where containr.build.railpack points.";

    private static final String MAC = "HmacSHA256";

    private final DockerfileBuilds engine;
    private final BuildProperties properties;
    private final SecretKeySpec key;

    Railpack(DockerfileBuilds engine, BuildProperties properties) {
        this.engine = engine;
        this.properties = properties;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, MAC);
    }

    /**
     * Builds an image, tagged as the build says.
     *
     * @throws UnsuitableException if the program is missing or does not know what to do with the source
     */
    void build(SourceBuild build, BuildOutput output)
            throws UnsuitableException, BuildFailedException, InterruptedException, IOException {
        Path program = ProgramPath.find(properties.railpack(), "railpack")
                .orElseThrow(() -> new UnsuitableException(BuildErrorCode.BUILDER_UNAVAILABLE, INSTALL));
        SourceLinks.requireInside(build.directory());
        Path scratch = Files.createDirectories(build.scratch().resolve("railpack"));
        Path plan = scratch.resolve("railpack-plan.json");
        Path info = scratch.resolve("railpack-info.json");
        output.info("Planning with railpack");
        int exit = prepare(program, build, scratch, plan, info, output);
        RailpackInfo said = RailpackInfo.read(info);
        if (exit == TEMPORARY_FAILURE) {
            throw new BuildFailedException(
                    BuildErrorCode.BUILDER_TEMPORARY_FAILURE,
                    "railpack could not download what it needs, " + ATTEMPTS + " times. Try again later.");
        }
        if (exit != 0 || !Files.isRegularFile(plan)) {
            throw new UnsuitableException(
                    BuildErrorCode.BUILD_PLAN_FAILED,
                    "railpack found no way to build this source (status " + exit + ")." + said.errors());
        }
        output.info("railpack " + said.summary());
        engine.buildByFrontend(
                new BuildPlan(
                        build.directory(),
                        plan,
                        build.tag(),
                        Map.of(
                                "BUILDKIT_SYNTAX", frontend(said.version()),
                                "cache-key", build.cacheKey(),
                                "secrets-hash", hash(build.variables())),
                        build.variables(),
                        build.labels(),
                        build.scratch()),
                output);
    }

    private int prepare(Path program, SourceBuild build, Path scratch, Path plan, Path info, BuildOutput output)
            throws IOException, InterruptedException {
        ToolArguments arguments = new ToolArguments(
                        program, "prepare", build.directory().toString())
                .with("--plan-out", plan.toString())
                .with("--info-out", info.toString())
                .with("--build-cmd", build.buildCommand())
                .with("--start-cmd", build.startCommand())
                .variables(build.variables());
        ChildProgram prepare =
                new ChildProgram(arguments.list(), build.directory(), arguments.environment(scratch), null);
        Duration delay = properties.retryDelay();
        for (int attempt = 1; ; attempt++) {
            int exit = prepare.run(output);
            if (exit != TEMPORARY_FAILURE || attempt == ATTEMPTS) {
                return exit;
            }
            output.info("railpack had a temporary failure; trying again in " + delay.toMillis() + " ms");
            Thread.sleep(delay);
            delay = delay.multipliedBy(2);
        }
    }

    /** A plan is for the frontend of the version that wrote it. */
    private String frontend(@Nullable String version) {
        String image = properties.railpackFrontend();
        boolean tagged = image.lastIndexOf(':') > image.lastIndexOf('/') || image.contains("@");
        return tagged || version == null ? image : image + ":v" + version;
    }

    /**
     * Changes with the values, so that a step is not taken from the cache of another one's. It stands in a command line, so
     * it is keyed: nobody can try values until one has it.
     */
    private String hash(Map<String, String> variables) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            new TreeMap<>(variables)
                    .forEach((name, value) -> mac.update((name + "=" + value + "\0").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }
}
