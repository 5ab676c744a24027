package io.containr.deploy.request.web;

import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.log.LogStore;
import io.containr.deploy.release.Releases;
import io.containr.deploy.release.Releases.Kept;
import io.containr.deploy.rollout.DeploymentControl;
import io.containr.deploy.route.HostNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts together what the API shows of deployments. */
@Component
class DeploymentViews {

    private final Releases releases;
    private final HostNames hosts;
    private final DeploymentControl control;
    private final LogStore logs;

    DeploymentViews(Releases releases, HostNames hosts, DeploymentControl control, LogStore logs) {
        this.releases = releases;
        this.hosts = hosts;
        this.control = control;
        this.logs = logs;
    }

    DeploymentView one(Deployment deployment) {
        return views(deployment.service(), List.of(deployment), null).getFirst();
    }

    DeploymentView withLogs(Deployment deployment) {
        Logs texts = new Logs(
                logs.text(deployment.id(), LogStore.Part.BUILD), logs.text(deployment.id(), LogStore.Part.RUNTIME));
        return views(deployment.service(), List.of(deployment), texts).getFirst();
    }

    List<DeploymentView> list(ServiceId service, List<Deployment> deployments) {
        return views(service, deployments, null);
    }

    private List<DeploymentView> views(ServiceId service, List<Deployment> deployments, @Nullable Logs texts) {
        Set<ReleaseId> ids = deployments.stream()
                .map(Deployment::release)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Map<ReleaseId, Kept> known = releases.summaries(ids);
        String url = hosts.find(service).map(hosts::url).orElse(null);
        DeploymentId serving = control.servingDeployment(service).orElse(null);
        return deployments.stream()
                .map(deployment -> view(
                        deployment,
                        deployment.release() == null ? null : known.get(deployment.release()),
                        url,
                        deployment.id().equals(serving),
                        texts))
                .toList();
    }

    private static DeploymentView view(
            Deployment deployment,
            @Nullable Kept release,
            @Nullable String url,
            boolean serving,
            @Nullable Logs texts) {
        PreparedImage image =
                release == null ? deployment.build().image() : release.release().image();
        boolean routed = deployment.spec().kind().routed();
        return new DeploymentView(
                deployment.id().value(),
                deployment.service().value(),
                deployment.project().value(),
                deployment.status().word(),
                deployment.reason(),
                deployment.trigger().word(),
                deployment.branch(),
                deployment.commitHash(),
                deployment.commitMessage(),
                deployment.commitAuthor(),
                image == null ? null : image.repository(),
                image == null ? null : image.tag(),
                deployment.rollbackOf() == null ? null : deployment.rollbackOf().value(),
                deployment.release() == null ? null : deployment.release().value(),
                deployment.build().id() == null ? null : deployment.build().id().value(),
                routed ? url : null,
                serving,
                deployment.status() == DeploymentStatus.DEPLOYED && release != null && release.retained(),
                deployment.error() == null ? null : deployment.error().message(),
                deployment.error() == null ? null : deployment.error().code(),
                millis(deployment),
                texts == null ? null : texts.build(),
                texts == null ? null : texts.runtime(),
                deployment.createdAt(),
                deployment.startedAt(),
                deployment.completedAt(),
                deployment.updatedAt());
    }

    private static Map<String, Long> millis(Deployment deployment) {
        Map<String, Long> millis = new LinkedHashMap<>();
        deployment.phases().parts().forEach((part, time) -> millis.put(part, time.toMillis()));
        return millis;
    }

    private record Logs(String build, String runtime) {}
}
