package io.containr.deploy.request;

import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.project.ProjectEvent.DeploymentRequested;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.rollout.DeploymentControl;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Deployments that project-service asks for: the first one of a service made from a template, and those of pushes. The service's own
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
        subscription.on(DeploymentRequested.class, this::deploy).on(PushReceived.class, this::pushed);
    }

    private void deploy(DeploymentRequested event, MessageMeta meta) {
        directory
                .find(event.service())
                .filter(RequestedDeployments::canBeDeployed)
                .ifPresentOrElse(
                        spec -> control.deploy(spec, Trigger.MANUAL, Deployment.Source.build(null, null)),
                        () -> log.info(
                                "Service {} is not deployed as asked: it is gone, stopped, or has no source or schedule",
                                event.service()));
    }

    /** Of several pushes the newest one's deployment supersedes those that are pending. */
    private void pushed(PushReceived event, MessageMeta meta) {
        Optional<ServiceSpec> spec = directory
                .find(event.service())
                .filter(RequestedDeployments::canBeDeployed)
                .filter(found -> found.source().type() != ServiceSource.Type.IMAGE);
        if (spec.isEmpty()) {
            log.info("Service {} is not deployed after a push: it is gone or stopped", event.service());
            return;
        }
        Commit head = new Commit(
                event.commit(),
                Objects.requireNonNullElse(event.message(), ""),
                Objects.requireNonNullElse(event.author(), ""));
        if (control.deployPush(spec.get(), event.branch(), head).isEmpty()) {
            log.info(
                    "Service {} is not deployed after a push: its newest deployment is of that commit",
                    event.service());
        }
    }

    private static boolean canBeDeployed(ServiceSpec spec) {
        ServiceSource source = spec.source();
        boolean sourced = (source.type() == ServiceSource.Type.IMAGE ? source.image() : source.repository()) != null;
        boolean scheduled = spec.kind() != ServiceKind.CRON || spec.schedule() != null;
        return sourced && scheduled && spec.wanted() == Wanted.RUNNING;
    }
}
