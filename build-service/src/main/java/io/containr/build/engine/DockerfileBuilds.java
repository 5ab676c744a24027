package io.containr.build.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import io.containr.build.BuildProperties;
import io.containr.build.engine.ClassicBuilder.StepFailedException;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.runtime.net.DestinationGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Builds Dockerfiles. The classic builder is the rule, since the engine holds its steps to limits; BuildKit is used for the
 * Dockerfiles that only it can build.
 */
@Component
public class DockerfileBuilds {

    private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");
    private static final int KILLED = 137;
    private static final int ATTEMPTS = 3;

    private final ClassicBuilder classic;
    private final BuildKitBuilder buildKit;
    private final EngineImages images;
    private final BaseImages baseImages;
    private final BuildProperties properties;

    DockerfileBuilds(DockerHttpClient http, EngineImages images, BuildProperties properties) {
        this.classic = new ClassicBuilder(http, properties.limits());
        this.buildKit = new BuildKitBuilder(
                new BuildKitClient(properties),
                new BuildKitCage(CONTROL_GROUPS, properties.dockerHost(), properties.limits()),
                properties);
        this.images = images;
        this.baseImages = new BaseImages(
                properties.registry(), new DestinationGuard(properties.images().allowedPrivateHosts()));
        this.properties = properties;
    }

    /**
     * Builds an image, tagged as planned.
     *
     * @throws BuildFailedException for anything the user can know about
     * @throws InterruptedException if the thread was interrupted; the engine then stops building
     */
    public void build(BuildPlan plan, BuildOutput output) throws BuildFailedException, InterruptedException {
        Dockerfile dockerfile = Dockerfile.read(plan.dockerfile());
        BuildPlan declared = withDeclaredArguments(plan, dockerfile);
        baseImages.check(dockerfile, declared.arguments());
        try {
            if (dockerfile.needsBuildKit()) {
                output.info("Building with BuildKit");
                buildKit.build(declared, output);
            } else {
                classic(declared, output);
            }
        } catch (IOException | RuntimeException e) {
            throw unavailable(e);
        }
    }

    /**
     * Builds by a BuildKit frontend that the plan's arguments name; its file is a JSON plan instead of a Dockerfile.
     *
     * @throws BuildFailedException for anything the user can know about
     * @throws InterruptedException if the thread was interrupted; the engine then stops building
     */
    public void buildByFrontend(BuildPlan plan, BuildOutput output) throws BuildFailedException, InterruptedException {
        baseImages.check(FrontendPlan.images(plan.dockerfile()));
        try {
            output.info("Building with BuildKit");
            buildKit.build(plan, output);
        } catch (IOException | RuntimeException e) {
            throw unavailable(e);
        }
    }

    private static BuildFailedException unavailable(Exception cause) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("build interrupted");
        }
        return new BuildFailedException(
                BuildErrorCode.ENGINE_UNAVAILABLE, "The build engine does not answer, try again.", cause);
    }

    /**
     * A build reuses layers of others that nothing holds until its own next step is done: they vanish when the service whose
     * they were is deleted. Then it begins again.
     */
    private void classic(BuildPlan plan, BuildOutput output) throws BuildFailedException, IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                classic.build(plan, output);
                return;
            } catch (StepFailedException e) {
                String lastImage = e.lastImage();
                if (lastImage != null) {
                    images.removeUnnamed(lastImage);
                }
                if (!e.lostALayer() || attempt == ATTEMPTS) {
                    throw failure(e);
                }
                output.info("A layer that was to be reused has been removed meanwhile, building again");
            }
        }
    }

    private BuildFailedException failure(StepFailedException failed) {
        String reason = failed.reason();
        if (reason.contains("pull access denied")
                || reason.contains("manifest unknown")
                || reason.contains("not found: manifest")
                || reason.startsWith("manifest for")) {
            return new BuildFailedException(
                    BuildErrorCode.IMAGE_NOT_FOUND, "A base image cannot be pulled: " + reason, failed);
        }
        Integer exitCode = failed.exitCode();
        String hint = exitCode != null && exitCode == KILLED
                ? " It was killed: a build may use %d MB of memory."
                        .formatted(properties.limits().memory().toMegabytes())
                : "";
        return new BuildFailedException(BuildErrorCode.BUILD_FAILED, reason + hint, failed);
    }

    private static BuildPlan withDeclaredArguments(BuildPlan plan, Dockerfile dockerfile) {
        Map<String, String> declared = new HashMap<>(plan.arguments());
        declared.keySet().retainAll(dockerfile.declaredArguments());
        return new BuildPlan(
                plan.context(), plan.dockerfile(), plan.tag(), declared, Map.of(), plan.labels(), plan.scratch());
    }
}
