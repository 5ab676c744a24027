package io.containr.project.services;

import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.project.git.GitProviderId;
import io.containr.project.input.InvalidValueException;
import io.containr.project.input.Problems;
import io.containr.project.input.ScheduleRules;
import io.containr.project.input.SourceRules;
import io.containr.project.input.TextRules;
import io.containr.project.input.VariableRules;
import io.containr.project.input.WatchPaths;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Body of a creation and of an update. In an update what is missing stays as it is, and a blank text clears what was there;
 * a source is replaced as a whole.
 */
record ServiceRequest(
        @Nullable String name,
        @Nullable String type,
        @Nullable SourceBody source,
        @Nullable BuildConfigBody buildConfig,
        @Nullable ResourcesBody resources) {

    static final String ENVIRONMENT_FIELD = "build_config.environment_variables";

    /** @throws io.containr.runtime.web.ApiException VALIDATION naming every problem */
    ServiceInput toCreate() {
        Problems problems = new Problems();
        String checkedName = problems.require("name", name, TextRules::name);
        ServiceKind kind = problems.require("type", type, ServiceRequest::kind);
        Definition blank = new Definition(
                checkedName == null ? "" : checkedName,
                kind == null ? ServiceKind.WEB : kind,
                null,
                null,
                null,
                null,
                HealthCheck.DEFAULT,
                ResourceLimits.DEFAULT,
                List.of(),
                null,
                null,
                null,
                null);
        return merge(problems, new ServiceInput(blank, Map.of()), false);
    }

    /** @throws io.containr.runtime.web.ApiException VALIDATION naming every problem */
    ServiceInput over(ServiceInput before) {
        Problems problems = new Problems();
        ServiceKind kind = problems.check("type", type, ServiceRequest::kind);
        if (kind != null && kind != before.definition().kind()) {
            problems.add("type", "cannot be changed");
        }
        return merge(problems, before, true);
    }

    private ServiceInput merge(Problems problems, ServiceInput before, boolean update) {
        Definition old = before.definition();
        String newName = problems.check("name", name, TextRules::name);
        ServiceSource newSource = source == null ? old.source() : source.check(problems);
        GitProviderId gitProvider = source == null ? old.gitProvider() : source.gitProvider(problems);
        ResourceLimits newResources =
                resources == null ? old.resources() : resources.over(problems, old.resources(), old.kind());
        BuildConfigBody build = buildConfig == null ? BuildConfigBody.NOTHING : buildConfig;
        String builder = build.builder(problems, old.builder());
        if ("image".equals(builder) && newSource != null && newSource.type() != ServiceSource.Type.IMAGE) {
            problems.add("build_config.builder_type", "needs a source of type image");
        }
        String buildCommand =
                build.text(problems, "build_command", build.buildCommand(), TextRules::command, old.buildCommand());
        String startCommand =
                build.text(problems, "start_command", build.startCommand(), TextRules::command, old.startCommand());
        HealthCheck healthCheck = build.healthCheck(problems, old.healthCheck());
        List<String> watchPaths = build.watchPaths(problems, old.watchPaths());
        Map<String, String> environment = build.environment(problems, before.environment());
        String schedule = build.of(
                ServiceKind.CRON,
                problems,
                "schedule",
                build.schedule(),
                ScheduleRules::schedule,
                old.kind(),
                old.schedule());
        String timeZone = build.of(
                ServiceKind.CRON,
                problems,
                "time_zone",
                build.timeZone(),
                ScheduleRules::timeZone,
                old.kind(),
                old.timeZone());
        String volumePath = build.of(
                ServiceKind.DATABASE,
                problems,
                "volume_path",
                build.volumePath(),
                TextRules::mountPath,
                old.kind(),
                old.volumePath());
        if (old.kind() == ServiceKind.DATABASE && newResources.smallerStorageThan(old.resources()) && update) {
            problems.add("resources.storage", "cannot shrink: the volume holds data");
        }
        problems.throwIfAny();
        Definition definition = new Definition(
                newName == null ? old.name() : newName,
                old.kind(),
                newSource,
                builder,
                buildCommand,
                startCommand,
                healthCheck,
                newResources,
                watchPaths,
                schedule,
                timeZone,
                volumePath,
                gitProvider);
        return new ServiceInput(definition, environment);
    }

    private static ServiceKind kind(String text) {
        return switch (text) {
            case "web" -> ServiceKind.WEB;
            case "worker" -> ServiceKind.WORKER;
            case "database" -> ServiceKind.DATABASE;
            case "cron" -> ServiceKind.CRON;
            default -> throw new InvalidValueException("must be one of web, worker, database, cron");
        };
    }

    record SourceBody(
            @Nullable String type,
            @Nullable String repository,
            @Nullable String branch,
            @Nullable String rootDirectory,
            @Nullable String dockerfile,
            @Nullable String image,
            @Nullable String gitProviderId) {

        static @Nullable SourceBody of(Definition definition) {
            ServiceSource source = definition.source();
            GitProviderId provider = definition.gitProvider();
            if (source == null) {
                return null;
            }
            String type = switch (source.type()) {
                case GIT -> "git";
                case DOCKERFILE -> "dockerfile";
                case IMAGE -> "image";
            };
            return new SourceBody(
                    type,
                    source.repository(),
                    source.branch(),
                    source.rootDirectory(),
                    source.dockerfile(),
                    source.image(),
                    provider == null ? null : provider.toString());
        }

        private @Nullable GitProviderId gitProvider(Problems problems) {
            return problems.check("source.git_provider_id", TextRules.blankToNull(gitProviderId), text -> {
                try {
                    return GitProviderId.of(text);
                } catch (IllegalArgumentException e) {
                    throw new InvalidValueException(CloneCredentials.NOT_YOURS);
                }
            });
        }

        /** Null where a problem was noted. */
        private @Nullable ServiceSource check(Problems problems) {
            ServiceSource.Type checkedType = problems.require("source.type", type, SourceBody::type);
            String url =
                    problems.check("source.repository", TextRules.blankToNull(repository), SourceRules::repository);
            String reference = problems.check("source.image", TextRules.blankToNull(image), SourceRules::image);
            String checkedBranch = problems.check("source.branch", TextRules.blankToNull(branch), SourceRules::branch);
            String root =
                    problems.check("source.root_directory", TextRules.blankToNull(rootDirectory), SourceRules::path);
            String file = problems.check("source.dockerfile", TextRules.blankToNull(dockerfile), SourceRules::path);
            if (checkedType == null) {
                return null;
            }
            switch (checkedType) {
                case GIT, DOCKERFILE ->
                    problems.require("source.repository", TextRules.blankToNull(repository), Function.identity());
                case IMAGE -> problems.require("source.image", TextRules.blankToNull(image), Function.identity());
            }
            return new ServiceSource(checkedType, url, checkedBranch, root, file, reference);
        }

        private static ServiceSource.Type type(String text) {
            return switch (text) {
                case "git" -> ServiceSource.Type.GIT;
                case "dockerfile" -> ServiceSource.Type.DOCKERFILE;
                case "image" -> ServiceSource.Type.IMAGE;
                default -> throw new InvalidValueException("must be one of git, dockerfile, image");
            };
        }
    }

    record BuildConfigBody(
            @Nullable String builderType,
            @Nullable String buildCommand,
            @Nullable String startCommand,
            @Nullable Map<String, @Nullable String> environmentVariables,
            @Nullable String healthCheckPath,
            @Nullable Long healthCheckTimeout,
            @Nullable List<@Nullable String> watchPaths,
            @Nullable String schedule,
            @Nullable String timeZone,
            @Nullable String volumePath) {

        private static final BuildConfigBody NOTHING =
                new BuildConfigBody(null, null, null, null, null, null, null, null, null, null);
        private static final Set<String> BUILDERS = Set.of("nixpacks", "dockerfile", "image", "railpack");
        private static final int LONGEST_TIMEOUT = 900;

        private @Nullable String builder(Problems problems, @Nullable String before) {
            return text(problems, "builder_type", builderType, BuildConfigBody::builder, before);
        }

        private static String builder(String text) {
            if (!BUILDERS.contains(text)) {
                throw new InvalidValueException("must be one of nixpacks, dockerfile, image, railpack");
            }
            return text;
        }

        private @Nullable String text(
                Problems problems,
                String field,
                @Nullable String value,
                Function<String, String> rule,
                @Nullable String before) {
            return value == null ? before : problems.check("build_config." + field, TextRules.blankToNull(value), rule);
        }

        /** A text that only services of one kind may have. */
        private @Nullable String of(
                ServiceKind only,
                Problems problems,
                String field,
                @Nullable String value,
                Function<String, String> rule,
                ServiceKind kind,
                @Nullable String before) {
            if (TextRules.blankToNull(value) != null && kind != only) {
                problems.add("build_config." + field, "has a meaning only for a service of type " + only.word());
                return before;
            }
            return text(problems, field, value, rule, before);
        }

        private HealthCheck healthCheck(Problems problems, HealthCheck before) {
            String path = text(problems, "health_check_path", healthCheckPath, TextRules::urlPath, before.path());
            Duration timeout =
                    problems.check("build_config.health_check_timeout", healthCheckTimeout, BuildConfigBody::timeout);
            return new HealthCheck(path, timeout == null ? before.timeout() : timeout);
        }

        private List<String> watchPaths(Problems problems, List<String> before) {
            return watchPaths == null ? before : WatchPaths.check(problems, "build_config.watch_paths", watchPaths);
        }

        private static Duration timeout(long seconds) {
            if (seconds < 1 || seconds > LONGEST_TIMEOUT) {
                throw new InvalidValueException("must be between 1 and " + LONGEST_TIMEOUT + " seconds");
            }
            return Duration.ofSeconds(seconds);
        }

        private Map<String, String> environment(Problems problems, Map<String, String> before) {
            if (environmentVariables == null) {
                return before;
            }
            Map<String, String> environment = new LinkedHashMap<>();
            environmentVariables.forEach((name, value) -> {
                if (value == null) {
                    problems.add(ENVIRONMENT_FIELD + "." + name, "is required");
                } else {
                    environment.put(name, value);
                }
            });
            VariableRules.check(problems, ENVIRONMENT_FIELD, environment);
            return environment;
        }

        @Override
        public String toString() {
            return "BuildConfigBody[…]";
        }
    }
}
