package io.containr.deploy.request;

import io.containr.contracts.project.ProjectEvent.DeploymentRequested;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.rollout.DeploymentControl;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Deployments that project-service asks for, such as the first one of a service made from a template. The service's own
 * event comes before, so that it is known here; one that was deleted or stopped meanwhile is left alone.
 */
@Component
public class RequestedDeployments implements MessageSubscription.Part {

    private static final Logger log = LoggerFactory.getLogger(RequestedDeployments.class);

    private final ProjectDirectory directory;
    private final DeploymentControl control;

    RequestedDeployments(ProjectDirectory directory, DeploymentControl control) {
        this.directory = directory;
        this.control = control;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription.on(DeploymentRequested.class, this::deploy);
    }

    private void deploy(DeploymentRequested event, MessageMeta meta) {
        directory
                .find(event.service())
                .filter(RequestedDeployments::canBeDeployed)
                .ifPresentOrElse(
                        spec -> control.deploy(spec, Trigger.MANUAL, Deployment.Source.build(null, null)),
                        () -> log.info("Service {} is not deployed as asked: it is gone or stopped", event.service()));
    }

    private static boolean canBeDeployed(ServiceSpec spec) {
        ServiceSource source = spec.source();
        boolean sourced = (source.type() == ServiceSource.Type.IMAGE ? source.image() : source.repository()) != null;
        return sourced && spec.wanted() == Wanted.RUNNING;
    }
}
