package io.containr.build.job.web;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.image.ImageName;
import io.containr.build.job.Build;
import io.containr.build.job.BuildRequest;
import io.containr.build.job.BuildVariables;
import io.containr.build.job.StartCommands;
import io.containr.build.source.LocalSources;
import io.containr.contracts.Sealed;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns what a user asks for into a build, or says what is wrong with it. */
@Component
class BuildOrders {

    private final ProjectDirectory directory;
    private final LocalSources localSources;
    private final BuildVariables variables;
    private final String registry;
    private final Clock clock;

    BuildOrders(
            ProjectDirectory directory,
            LocalSources localSources,
            BuildVariables variables,
            BuildProperties properties,
            Clock clock) {
        this.directory = directory;
        this.localSources = localSources;
        this.variables = variables;
        this.registry = properties.registry();
        this.clock = clock;
    }

    Build order(StartBuildRequest request, Actor actor) {
        checkRegistry(request.registryUrl());
        ServiceSpec service = service(request, actor);
        ProjectId project = project(request, service);
        UserId owner = service == null ? directory.project(project, actor) : service.owner();
        String builder = builder(request);
        checkRevision(request);
        checkStartCommand(request.startCommand());
        BuildId id = new BuildId(Ids.next());
        Map<String, Sealed> known = new HashMap<>();
        if (service != null) {
            known.putAll(service.variables());
            known.putAll(service.build().environment());
        }
        String localPath = localPath(request);
        ServiceSource source = localPath == null ? source(request, service) : null;
        BuildSettings settings = ownSettings(request, service);
        BuildRequest work = new BuildRequest(
                source,
                localPath,
                builder != null || settings == null ? builder : settings.builder(),
                request.buildCommand() != null || settings == null ? request.buildCommand() : settings.buildCommand(),
                request.startCommand() != null || settings == null ? request.startCommand() : settings.startCommand(),
                service == null ? null : service.kind(),
                request.branch(),
                request.commit(),
                known,
                variables.seal(id, arguments(request)),
                request.labels() == null ? Map.of() : request.labels(),
                service == null || source == null || source.repository() == null ? null : service.gitCredential());
        return Build.pending(
                id,
                service == null ? null : service.service(),
                project,
                owner,
                null,
                work,
                request.imageName(),
                request.imageTag(),
                clock.instant(),
                Origins.current());
    }

    private void checkRegistry(@Nullable String wanted) {
        if (wanted != null
                && !wanted.replaceFirst("^https?://", "").replaceFirst("/$", "").equals(registry)) {
            throw ApiException.invalid("registry_url", "images are pushed to the platform's own registry only");
        }
    }

    /** A branch or commit of what is not fetched means nothing. */
    private static void checkRevision(StartBuildRequest request) {
        if (request.prebuiltImage() == null && request.sourcePath() == null) {
            return;
        }
        String other = request.prebuiltImage() != null ? "prebuilt_image" : "source_path";
        if (request.branch() != null) {
            throw ApiException.invalid("branch", "does not go with " + other);
        }
        if (request.commit() != null) {
            throw ApiException.invalid("commit", "does not go with " + other);
        }
    }

    private static void checkStartCommand(@Nullable String command) {
        try {
            if (command != null && StartCommands.words(command).isEmpty()) {
                throw ApiException.invalid("start_command", "must not be blank");
            }
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("start_command", "has a quote that does not end");
        }
    }

    private @Nullable ServiceSpec service(StartBuildRequest request, Actor actor) {
        String id = request.serviceId();
        if (id == null) {
            return null;
        }
        try {
            return directory.service(ServiceId.of(id), actor);
        } catch (IllegalArgumentException e) {
            throw ApiException.notFound("Service");
        }
    }

    private static ProjectId project(StartBuildRequest request, @Nullable ServiceSpec service) {
        if (request.projectId() == null) {
            if (service == null) {
                throw ApiException.invalid("service_id", "give a service_id or a project_id");
            }
            return service.project();
        }
        ProjectId project;
        try {
            project = ProjectId.of(request.projectId());
        } catch (IllegalArgumentException e) {
            throw ApiException.notFound("Project");
        }
        if (service != null && !service.project().equals(project)) {
            throw ApiException.invalid("project_id", "the service belongs to another project");
        }
        return project;
    }

    private static @Nullable String builder(StartBuildRequest request) {
        String wanted = request.buildType();
        if ("prebuilt".equals(wanted) && request.sourcePath() != null) {
            throw ApiException.invalid("source_path", "does not go with a prebuilt image");
        }
        if (wanted != null && !wanted.equals("prebuilt") && request.prebuiltImage() != null) {
            throw ApiException.invalid("prebuilt_image", "does not go with the build_type " + wanted);
        }
        return wanted;
    }

    /** A service's own settings count only where its own source is built. */
    private static @Nullable BuildSettings ownSettings(StartBuildRequest request, @Nullable ServiceSpec service) {
        boolean ownSource = request.prebuiltImage() == null && request.sourcePath() == null;
        return service != null && ownSource ? service.build() : null;
    }

    private @Nullable String localPath(StartBuildRequest request) {
        String path = request.sourcePath();
        if (path == null) {
            return null;
        }
        if (request.prebuiltImage() != null) {
            throw ApiException.invalid("source_path", "give either source_path or prebuilt_image");
        }
        if (!localSources.enabled()) {
            throw ApiException.invalid("source_path", "local sources are switched off on this platform");
        }
        return localSources
                .find(path)
                .map(Object::toString)
                .orElseThrow(() -> ApiException.invalid("source_path", "is no directory below the local sources"));
    }

    private static ServiceSource source(StartBuildRequest request, @Nullable ServiceSpec service) {
        String image = request.prebuiltImage();
        if (image != null) {
            try {
                ImageName.of(image);
            } catch (BuildFailedException e) {
                throw ApiException.invalid("prebuilt_image", "is no image reference");
            }
            return new ServiceSource(ServiceSource.Type.IMAGE, null, null, null, null, image);
        }
        if (service == null) {
            throw ApiException.invalid("service_id", "give a service_id, a prebuilt_image or a source_path");
        }
        ServiceSource source = service.source();
        if ("prebuilt".equals(request.buildType()) && source.type() != ServiceSource.Type.IMAGE) {
            throw ApiException.invalid("prebuilt_image", "is required: the service is built from a repository");
        }
        return source;
    }

    private static Map<String, String> arguments(StartBuildRequest request) {
        Map<String, String> arguments = new HashMap<>();
        if (request.environment() != null) {
            arguments.putAll(request.environment());
        }
        if (request.buildArgs() != null) {
            arguments.putAll(Objects.requireNonNull(request.buildArgs()));
        }
        return arguments;
    }
}
