package io.containr.build;

import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.ServiceSource;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.util.Map;

/** A user with a project and a service of its own, who asks for builds. */
record Tenant(UserId user, ProjectId project, ServiceId service) {

    Tenant() {
        this(new UserId(Ids.next()), new ProjectId(Ids.next()), new ServiceId(Ids.next()));
    }

    ServiceSource git(String repository) {
        return new ServiceSource(
                ServiceSource.Type.GIT, BuildTestEnvironment.git().url(repository), null, null, null, null);
    }

    static ServiceSource image(String name) {
        return new ServiceSource(ServiceSource.Type.IMAGE, null, null, null, null, name);
    }

    BuildId start(TestMessages messages, ServiceSource source) {
        StartBuild command = command(source);
        messages.publish(command, service);
        return command.build();
    }

    StartBuild command(ServiceSource source) {
        return new StartBuild(
                new BuildId(Ids.next()),
                new DeploymentId(Ids.next()),
                service,
                project,
                user,
                source,
                new BuildSettings(null, null, null, Map.of()),
                null,
                null,
                Map.of());
    }
}
