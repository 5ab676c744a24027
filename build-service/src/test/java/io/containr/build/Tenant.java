package io.containr.build;

import io.containr.contracts.Sealed;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import io.containr.testing.TestTokens;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A user with a project and a service, who asks for builds; each test makes its own. */
public record Tenant(UserId user, ProjectId project, ServiceId service) {

    private static final List<Tenant> ALL = new CopyOnWriteArrayList<>();

    public Tenant() {
        this(new UserId(Ids.next()), new ProjectId(Ids.next()), new ServiceId(Ids.next()));
        ALL.add(this);
    }

    /** Names in the engine that builds of these tests leave on purpose. */
    static Stream<String> engineImages() {
        return ALL.stream()
                .flatMap(tenant -> Stream.of("s/" + tenant.service(), "p/" + tenant.project()))
                .map(scope -> "containr.invalid/" + scope + ":latest");
    }

    /** A name for a repository of this tenant alone. */
    public String repository() {
        return "repository-" + service;
    }

    public String scope() {
        return "s/" + service;
    }

    public String bearer() {
        return "Bearer " + TestTokens.bearer(user, "ada@example.com");
    }

    /** Its repository, with a Dockerfile of these lines after a FROM of the base image. */
    public ServiceSource repositoryWith(String dockerfile) {
        BuildTestEnvironment.git()
                .commit(
                        repository(),
                        Map.of("Dockerfile", "FROM " + BuildTestEnvironment.BUSYBOX + "\n" + dockerfile + "\n"),
                        "Say how to build");
        return git();
    }

    public ServiceSource git() {
        return git(null, null, null);
    }

    public ServiceSource git(@Nullable String branch, @Nullable String rootDirectory, @Nullable String dockerfile) {
        return new ServiceSource(
                ServiceSource.Type.GIT,
                BuildTestEnvironment.git().url(repository()),
                branch,
                rootDirectory,
                dockerfile,
                null);
    }

    public static ServiceSource image(String name) {
        return new ServiceSource(ServiceSource.Type.IMAGE, null, null, null, null, name);
    }

    public StartBuild command(ServiceSource source) {
        return command(source, Map.of());
    }

    /** @param environment sealed for this service */
    public StartBuild command(ServiceSource source, Map<String, Sealed> environment) {
        return new StartBuild(
                new BuildId(Ids.next()),
                new DeploymentId(Ids.next()),
                service,
                project,
                user,
                source,
                new BuildSettings(null, null, null, environment),
                null,
                null,
                Map.of(),
                null,
                null);
    }

    public StartBuild command(ServiceSource source, @Nullable String builder, @Nullable ServiceKind kind) {
        return commandWith(source, new BuildSettings(builder, null, null, Map.of()), kind);
    }

    public StartBuild commandWith(ServiceSource source, BuildSettings settings, @Nullable ServiceKind kind) {
        StartBuild plain = command(source);
        return new StartBuild(
                plain.build(),
                plain.deployment(),
                service,
                project,
                user,
                source,
                settings,
                null,
                null,
                Map.of(),
                null,
                kind);
    }

    public BuildId start(TestMessages messages, ServiceSource source) {
        return send(messages, command(source));
    }

    public BuildId send(TestMessages messages, StartBuild command) {
        messages.publish(command, service);
        return command.build();
    }

    public BuildSucceeded build(TestMessages messages, ServiceSource source) {
        return succeeded(messages, start(messages, source));
    }

    /** Waits for the build's success; a failure shows its reason. */
    public static BuildSucceeded succeeded(TestMessages messages, BuildId build) {
        BuildEvent end = messages.await(
                BuildEvent.class,
                event -> event.build().equals(build)
                        && (event instanceof BuildSucceeded || event instanceof BuildFailed));
        if (end instanceof BuildSucceeded succeeded) {
            return succeeded;
        }
        throw new AssertionError("the build failed: " + end);
    }

    public static BuildFailed failed(TestMessages messages, BuildId build) {
        BuildEvent end = messages.await(
                BuildEvent.class,
                event -> event.build().equals(build)
                        && (event instanceof BuildSucceeded || event instanceof BuildFailed));
        if (end instanceof BuildFailed failed) {
            return failed;
        }
        throw new AssertionError("the build succeeded: " + end);
    }

    /** What project-service would tell of the service. */
    public ServiceSpec spec(ServiceSource source) {
        return spec(source, 1, null, false);
    }

    /** @param deploysPushes whether pushes deploy it */
    public ServiceSpec spec(
            ServiceSource source, long revision, @Nullable GitCredential credential, boolean deploysPushes) {
        return new ServiceSpec(
                service,
                revision,
                project,
                user,
                "web",
                "shop",
                ServiceKind.WEB,
                source,
                new BuildSettings(null, null, null, Map.of()),
                Resources.DEFAULT,
                HealthCheck.DEFAULT,
                Map.of(),
                ServiceSpec.Wanted.RUNNING,
                0,
                null,
                null,
                credential,
                deploysPushes,
                null,
                null);
    }
}
