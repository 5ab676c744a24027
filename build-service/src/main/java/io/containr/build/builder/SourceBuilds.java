package io.containr.build.builder;

import io.containr.build.engine.BuildPlan;
import io.containr.build.engine.DockerfileBuilds;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.build.source.SourcePaths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Builds a source the way that was asked for, else the first that suits it: its Dockerfile, railpack, nixpacks. */
@Component
public class SourceBuilds {

    private static final String DOCKERFILE = "Dockerfile";

    private final DockerfileBuilds dockerfiles;
    private final Railpack railpack;
    private final Nixpacks nixpacks;

    SourceBuilds(DockerfileBuilds dockerfiles, Railpack railpack, Nixpacks nixpacks) {
        this.dockerfiles = dockerfiles;
        this.railpack = railpack;
        this.nixpacks = nixpacks;
    }

    /**
     * Builds an image, tagged as the build says.
     *
     * @return what built it
     * @throws BuildFailedException for anything the user can know about; NO_BUILDER with what was looked for
     * @throws InterruptedException if the thread was interrupted; whatever was started has ended then
     */
    public BuilderChoice build(BuilderChoice choice, SourceBuild build, BuildOutput output)
            throws BuildFailedException, InterruptedException {
        try {
            switch (choice) {
                case DETECTED -> {
                    return detect(build, output);
                }
                case DOCKERFILE -> byDockerfile(build, requireDockerfile(build), output);
                case RAILPACK -> railpack.build(build, output);
                case NIXPACKS -> nixpacks.build(build, output);
                case PREBUILT -> throw new IllegalArgumentException("an image is not built");
            }
            return choice;
        } catch (UnsuitableException e) {
            throw e.failure();
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("build interrupted");
            }
            throw new BuildFailedException(
                    BuildErrorCode.BUILDER_UNAVAILABLE, "A program that the build needs cannot be run.", e);
        }
    }

    private BuilderChoice detect(SourceBuild build, BuildOutput output)
            throws BuildFailedException, InterruptedException, IOException {
        Path dockerfile = dockerfile(build);
        if (dockerfile != null) {
            byDockerfile(build, dockerfile, output);
            return BuilderChoice.DOCKERFILE;
        }
        if (build.dockerfile() != null) {
            throw notFound(build.dockerfile());
        }
        List<String> looked = new ArrayList<>(List.of("There is no Dockerfile in the root directory."));
        for (BuilderChoice builder : List.of(BuilderChoice.RAILPACK, BuilderChoice.NIXPACKS)) {
            Attempt attempt = builder == BuilderChoice.RAILPACK ? railpack::build : nixpacks::build;
            try {
                attempt.build(build, output);
                return builder;
            } catch (UnsuitableException e) {
                output.info(e.reason());
                looked.add(e.reason());
            }
        }
        throw new BuildFailedException(
                BuildErrorCode.NO_BUILDER,
                "Nothing here knows how to build this source. " + String.join(" ", looked)
                        + " Add a Dockerfile, or set the root directory or the Dockerfile's path.");
    }

    private void byDockerfile(SourceBuild build, Path dockerfile, BuildOutput output)
            throws BuildFailedException, InterruptedException {
        if (build.buildCommand() != null) {
            output.info("The build command is not used: the Dockerfile says how to build.");
        }
        dockerfiles.build(
                new BuildPlan(
                        build.directory(),
                        dockerfile,
                        build.tag(),
                        build.variables(),
                        Map.of(),
                        build.labels(),
                        build.scratch()),
                output);
    }

    private static Path requireDockerfile(SourceBuild build) throws BuildFailedException {
        Path dockerfile = dockerfile(build);
        if (dockerfile == null) {
            throw notFound(build.dockerfile() == null ? DOCKERFILE : build.dockerfile());
        }
        return dockerfile;
    }

    private static @Nullable Path dockerfile(SourceBuild build) throws BuildFailedException {
        return SourcePaths.file(build.directory(), build.dockerfile() == null ? DOCKERFILE : build.dockerfile());
    }

    private static BuildFailedException notFound(String dockerfile) {
        return new BuildFailedException(
                BuildErrorCode.DOCKERFILE_NOT_FOUND, "The source has no file '" + dockerfile + "'.");
    }

    @FunctionalInterface
    private interface Attempt {
        void build(SourceBuild build, BuildOutput output)
                throws UnsuitableException, BuildFailedException, InterruptedException, IOException;
    }
}
