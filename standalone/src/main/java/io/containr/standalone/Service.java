package io.containr.standalone;

import io.containr.agent.AgentServiceApplication;
import io.containr.audit.AuditServiceApplication;
import io.containr.auth.AuthServiceApplication;
import io.containr.build.BuildServiceApplication;
import io.containr.database.DatabaseServiceApplication;
import io.containr.deploy.DeployServiceApplication;
import io.containr.project.ProjectServiceApplication;
import java.util.List;

/**
 * One service of the platform, as it runs here: a Spring context of its own.
 *
 * @param name of its settings file and its port
 */
record Service(String name, Class<?> application) {

    static final List<Service> ALL = List.of(
            new Service("project-service", ProjectServiceApplication.class),
            new Service("deploy-service", DeployServiceApplication.class),
            new Service("database-service", DatabaseServiceApplication.class),
            new Service("proxmox-agent", AgentServiceApplication.class),
            new Service("build-service", BuildServiceApplication.class),
            new Service("audit-service", AuditServiceApplication.class),
            new Service("auth-service", AuthServiceApplication.class));

    String database() {
        return name.replace('-', '_');
    }
}
