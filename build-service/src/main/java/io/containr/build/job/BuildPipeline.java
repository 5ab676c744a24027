package io.containr.build.job;

import io.containr.build.BuildProperties;
import io.containr.build.builder.BuilderChoice;
import io.containr.build.builder.Procfile;
import io.containr.build.builder.SourceBuild;
import io.containr.build.builder.SourceBuilds;
import io.containr.build.engine.EngineImages;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.image.ImageName;
import io.containr.build.image.ImagePreparation;
import io.containr.build.image.NamedImages;
import io.containr.build.image.PushedManifests;
import io.containr.build.log.BuildOutput;
import io.containr.build.source.GitLocation;
import io.containr.build.source.GitLogins;
import io.containr.build.source.GitSource;
import io.containr.build.source.LocalSources;
import io.containr.build.source.SourcePaths;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.project.ServiceSource;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What happens in a build: clone, build, push, prepare; or, for an image that exists, prepare alone. */
@Component
class BuildPipeline {

    private final GitSource git;
    private final GitLogins logins;
    private final LocalSources localSources;
    private final SourceBuilds sources;
    private final EngineImages engineImages;
    private final ImagePreparation preparation;
    private final PushedManifests pushed;
    private final NamedImages named;
    private final BuildVariables variables;
    private final BuildProperties properties;

    BuildPipeline(
            GitSource git,
            GitLogins logins,
            LocalSources localSources,
            SourceBuilds sources,
            EngineImages engineImages,
            ImagePreparation preparation,
            PushedManifests pushed,
            NamedImages named,
            BuildVariables variables,
            BuildProperties properties) {
        this.git = git;
        this.logins = logins;
        this.localSources = localSources;
        this.sources = sources;
        this.engineImages = engineImages;
        this.preparation = preparation;
        this.pushed = pushed;
        this.named = named;
        this.variables = variables;
        this.properties = properties;
    }

    Workspace workspace(Build build) {
        return new Workspace(
                properties.workDirectory(), build, properties.registry() + "/" + build.scope(), engineImages);
    }

    /**
     * Runs a build in the current thread.
     *
     * @throws BuildFailedException with what its user should know
     * @throws InterruptedException if it was stopped
     */
    BuildResult run(Build build, Workspace workspace, PhaseClock phases, BuildOutput output)
            throws BuildFailedException, InterruptedException {
        BuilderChoice builder = Builders.choose(build.request());
        PreparedImage image;
        Commit commit = null;
        if (builder == BuilderChoice.PREBUILT) {
            image = prebuilt(build, phases, output);
        } else {
            phases.enter(BuildPhase.CLONE);
            Source source = source(build, workspace, output);
            commit = source.commit();
            phases.enter(BuildPhase.BUILD);
            Procfile procfile = procfile(source);
            BuilderChoice builtBy = build(build, builder, source, procfile, workspace, output);
            phases.enter(BuildPhase.PUSH);
            String digest = engineImages.push(workspace.imageName());
            pushed.record(build.scope(), digest, PushedManifests.Kind.BUILT);
            phases.enter(BuildPhase.PREPARE);
            NamedImages.Name wanted = name(build, builtBy);
            if (wanted != null) {
                named.nameBuilt(build.scope(), digest, wanted);
            }
            PreparedImage prepared = preparation.prepareBuilt(build.scope(), digest);
            image = StartCommands.as(builtBy, StartCommands.fallback(prepared, procfile, build.request()));
        }
        phases.end();
        return new BuildResult(image, commit, phases.durations());
    }

    private PreparedImage prebuilt(Build build, PhaseClock phases, BuildOutput output)
            throws BuildFailedException, InterruptedException {
        ServiceSource source = build.request().source();
        String name = source == null ? null : source.image();
        if (name == null) {
            throw new BuildFailedException(BuildErrorCode.IMAGE_INVALID, "No image is named.");
        }
        ImageName image = ImageName.of(name);
        phases.enter(BuildPhase.PREPARE);
        output.info("Preparing " + image);
        PreparedImage prepared = preparation.preparePrebuilt(image, build.scope());
        NamedImages.Name wanted = name(build, BuilderChoice.PREBUILT);
        if (wanted != null) {
            named.namePrebuilt(image, build.scope(), wanted);
        }
        return prepared;
    }

    /** Null for a deployment's build, whose image nobody names. */
    private static NamedImages.@Nullable Name name(Build build, BuilderChoice builder) {
        String name = build.imageName();
        String tag = build.imageTag();
        return name == null || tag == null
                ? null
                : new NamedImages.Name(
                        name, tag, build.request().labels(), StartCommands.ofImage(build.request(), builder));
    }

    private Source source(Build build, Workspace workspace, BuildOutput output)
            throws BuildFailedException, InterruptedException {
        BuildRequest request = build.request();
        String localPath = request.localPath();
        if (localPath != null) {
            Path directory = localSources
                    .find(localPath)
                    .orElseThrow(() -> new BuildFailedException(
                            BuildErrorCode.SOURCE_PATH_INVALID, "There is no local source of that path."));
            return new Source(directory, false, null, null);
        }
        ServiceSource source = request.source();
        if (source == null || source.repository() == null) {
            throw new BuildFailedException(BuildErrorCode.REPOSITORY_INVALID, "No repository is named.");
        }
        String branch = request.branch() != null ? request.branch() : source.branch();
        GitLocation location = GitLocation.of(source.repository(), branch, request.commit());
        output.info("Fetching " + location.display() + (branch == null ? "" : " (" + branch + ")"));
        GitSource.Checkout checkout = git.checkout(
                location, logins.open(build.service(), build.request().gitCredential()), workspace.directory());
        Commit commit = checkout.commit();
        output.info("Commit " + commit.hash().substring(0, 12) + " " + commit.message());
        return new Source(
                SourcePaths.directory(checkout.directory(), source.rootDirectory()), true, source.dockerfile(), commit);
    }

    private static Procfile procfile(Source source) throws BuildFailedException {
        try {
            return Procfile.of(source.directory());
        } catch (IOException e) {
            throw new BuildFailedException(BuildErrorCode.SOURCE_PATH_INVALID, "The Procfile cannot be read.", e);
        }
    }

    private BuilderChoice build(
            Build build,
            BuilderChoice builder,
            Source source,
            Procfile procfile,
            Workspace workspace,
            BuildOutput output)
            throws BuildFailedException, InterruptedException {
        BuildRequest request = build.request();
        SourceBuild wanted = new SourceBuild(
                source.directory(),
                source.ours(),
                source.dockerfile(),
                request.buildCommand(),
                StartCommands.forBuilder(request, procfile),
                variables.open(build),
                request.labels(),
                workspace.imageName(),
                build.scope(),
                workspace.directory());
        workspace.imageMayExist();
        return sources.build(builder, wanted, output);
    }

    /** @param ours whether it goes with the build */
    private record Source(
            Path directory,
            boolean ours,
            @Nullable String dockerfile,
            @Nullable Commit commit) {}
}
