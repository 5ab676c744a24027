package io.containr.deploy;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Schedule;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Services to test with: usual ones, with what a test is about changed. */
final class Specs {

    private Specs() {}

    static Builder web(UserId owner) {
        return new Builder(owner);
    }

    /** The same service, at its next revision. */
    static ServiceSpec next(ServiceSpec spec, Wanted wanted, long restarts) {
        return next(spec, wanted, restarts, spec.instances());
    }

    /** The same service with another number of instances. */
    static ServiceSpec scaled(ServiceSpec spec, int replicas) {
        return next(spec, spec.wanted(), spec.restarts(), replicas);
    }

    private static ServiceSpec next(ServiceSpec spec, Wanted wanted, long restarts, int replicas) {
        return new ServiceSpec(
                spec.service(),
                spec.revision() + 1,
                spec.project(),
                spec.owner(),
                spec.name(),
                spec.projectName(),
                spec.kind(),
                spec.source(),
                spec.build(),
                spec.resources(),
                spec.healthCheck(),
                spec.variables(),
                wanted,
                restarts,
                spec.schedule(),
                spec.volume(),
                spec.gitCredential(),
                spec.autoDeploy(),
                replicas,
                spec.region());
    }

    static final class Builder {

        final ServiceId service = new ServiceId(Ids.next());
        private final UserId owner;
        private final Map<String, Sealed> variables = new HashMap<>();
        private ProjectId project = new ProjectId(Ids.next());
        private String name = "hello";
        private String projectName = "p" + service.toString().substring(24);
        private ServiceKind kind = ServiceKind.WEB;
        private ServiceSource source =
                new ServiceSource(ServiceSource.Type.GIT, "https://git.test/hello.git", null, null, null, null);
        private @Nullable String startCommand;
        private Wanted wanted = Wanted.RUNNING;
        private @Nullable Schedule schedule;
        private @Nullable Volume volume;
        private @Nullable Integer replicas;
        private @Nullable String region;

        private Builder(UserId owner) {
            this.owner = owner;
        }

        Builder named(String service, String project) {
            this.name = service;
            this.projectName = project;
            return this;
        }

        Builder in(ProjectId project) {
            this.project = project;
            return this;
        }

        Builder of(ServiceKind kind) {
            this.kind = kind;
            return this;
        }

        Builder from(ServiceSource source) {
            this.source = source;
            return this;
        }

        Builder scheduled(String cron, String zone) {
            this.schedule = new Schedule(cron, zone);
            return of(ServiceKind.CRON);
        }

        Builder keeping(Volume volume) {
            this.volume = volume;
            return of(ServiceKind.DATABASE);
        }

        Builder replicated(int count) {
            this.replicas = count;
            return this;
        }

        Builder placedIn(String region) {
            this.region = region;
            return this;
        }

        Builder startedBy(String command) {
            this.startCommand = command;
            return this;
        }

        Builder with(String variable, Sealed value) {
            variables.put(variable, value);
            return this;
        }

        Builder stopped() {
            this.wanted = Wanted.STOPPED;
            return this;
        }

        ServiceSpec build() {
            return new ServiceSpec(
                    service,
                    1,
                    project,
                    owner,
                    name,
                    projectName,
                    kind,
                    source,
                    new BuildSettings(null, null, startCommand, Map.of()),
                    Resources.DEFAULT,
                    new HealthCheck("/", Duration.ofSeconds(10)),
                    variables,
                    wanted,
                    0,
                    schedule,
                    volume,
                    null,
                    null,
                    replicas,
                    region);
        }
    }
}
