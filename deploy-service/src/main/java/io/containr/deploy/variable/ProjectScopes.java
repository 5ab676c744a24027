package io.containr.deploy.variable;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.release.Release;
import io.containr.deploy.release.ReleaseFactory;
import io.containr.deploy.release.Releases;
import io.containr.deploy.route.HostNames;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.variables.Definition;
import io.containr.runtime.variables.Owner;
import io.containr.runtime.variables.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What references of a project mean now: its services as the directory knows them, and what they share. */
@Component
class ProjectScopes {

    private final ProjectDirectory directory;
    private final SharedVariables shared;
    private final DatabaseVariables databases;
    private final Releases releases;
    private final HostNames hosts;
    private final PrivateNames privateNames;
    private final SecretBox secrets;

    ProjectScopes(
            ProjectDirectory directory,
            SharedVariables shared,
            DatabaseVariables databases,
            Releases releases,
            HostNames hosts,
            PrivateNames privateNames,
            SecretBox secrets) {
        this.directory = directory;
        this.shared = shared;
        this.databases = databases;
        this.releases = releases;
        this.hosts = hosts;
        this.privateNames = privateNames;
        this.secrets = secrets;
    }

    /**
     * As one service sees it.
     *
     * @param spec takes the place of what the directory knows of the service
     * @param port where it will listen, null: where it did before, or where applications usually do
     * @param giveNames whether services that have no names yet get some, which needs a transaction
     */
    Scope of(ServiceSpec spec, @Nullable Integer port, boolean giveNames) {
        // Before the services, which go first where one is called like a database.
        List<Scope.Member> members = new ArrayList<>(databases.of(spec.project()));
        members.add(new Shared(spec.project(), shared.of(spec.project()), secrets));
        for (ServiceSpec other : directory.servicesOf(spec.project())) {
            if (!other.service().equals(spec.service())) {
                members.add(new ServiceVariables(other, secrets, new Known(other, null, null, giveNames)));
            }
        }
        members.add(new ServiceVariables(spec, secrets, new Known(spec, port, ReleaseFactory.USUAL_PORT, giveNames)));
        return new Scope(members);
    }

    private final class Known implements ServiceVariables.Provided {

        private final ServiceSpec spec;
        private final @Nullable Integer port;
        private final @Nullable Integer otherwise;
        private final boolean giveNames;

        private Known(ServiceSpec spec, @Nullable Integer port, @Nullable Integer otherwise, boolean giveNames) {
            this.spec = spec;
            this.port = port;
            this.otherwise = otherwise;
            this.giveNames = giveNames;
        }

        @Override
        public @Nullable Integer port() {
            if (port != null) {
                return port;
            }
            if (spec.kind() == ServiceKind.WORKER) {
                return ReleaseFactory.USUAL_PORT;
            }
            Integer last =
                    releases.lastDeployed(spec.service()).map(Release::port).orElse(null);
            return last == null ? otherwise : last;
        }

        @Override
        public String publicDomain() {
            return giveNames ? hosts.assign(spec) : hosts.find(spec.service()).orElse("");
        }

        @Override
        public String privateDomain() {
            return PrivateNames.domain(
                    giveNames
                            ? privateNames.assign(spec)
                            : privateNames.find(spec.service()).orElse(""));
        }
    }

    private record Shared(ProjectId project, Map<String, Sealed> values, SecretBox secrets) implements Scope.Member {

        @Override
        public Owner owner() {
            return Owner.SHARED;
        }

        @Override
        public @Nullable Definition find(String name) {
            Sealed sealed = values.get(name);
            return sealed == null
                    ? null
                    : new Definition.Written(secrets.open(sealed, ServiceSpec.sealedForShared(project, name)));
        }
    }
}
