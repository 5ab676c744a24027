package io.containr.deploy.rollout;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.deployment.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to do next for a service: one small change, or nothing for now. */
sealed interface Step {

    /** Something changes; look again at once. */
    sealed interface Act extends Step {}

    /** Nothing to do before that time, unless a message comes. */
    record Wait(Instant until) implements Step {}

    /** As wanted. */
    record Settled() implements Step {}

    /** Steps of one deployment, taken in the name of who asked for it. */
    sealed interface ForDeployment extends Act {
        DeploymentId deployment();
    }

    record StartBuild(DeploymentId deployment) implements ForDeployment {}

    record NoteBuilding(DeploymentId deployment) implements ForDeployment {}

    record MakeRelease(DeploymentId deployment) implements ForDeployment {}

    /** It is ready but waits for the rollout before it. */
    record Queue(DeploymentId deployment, String reason) implements ForDeployment {}

    /** Its first instance. */
    record StartRollout(DeploymentId deployment) implements ForDeployment {}

    /** Its other instances, as the first one is healthy. */
    record ExtendRollout(DeploymentId deployment, int instances) implements ForDeployment {}

    record Explain(DeploymentId deployment, String reason) implements ForDeployment {}

    record Complete(DeploymentId deployment, @Nullable String remark) implements ForDeployment {}

    record Fail(DeploymentId deployment, Failure failure) implements ForDeployment {}

    record Cancel(DeploymentId deployment, String reason) implements ForDeployment {}

    record Supersede(DeploymentId deployment, DeploymentId by) implements ForDeployment {}

    /** Deploy what serves, or served before it was stopped, once more. */
    record Redeploy(Trigger trigger) implements Act {}

    /** Nothing needs a restart. */
    record AcknowledgeRestart() implements Act {}

    record NoteStopped() implements Act {}

    /** So many shall serve from now on; that many more are needed for it. */
    record Scale(int replicas, int instances) implements Act {}

    /** More instances of what serves, in place of those that died or have to leave their node. */
    record Replace(int instances, int inARow) implements Act {}

    /** @param owner the deployment it is published for, null for what serves already */
    record PublishRoute(List<Target> targets, @Nullable DeploymentId owner) implements Act {
        public PublishRoute {
            targets = List.copyOf(targets);
        }
    }

    record WithdrawRoute() implements Act {}

    record RemoveInstances(Set<InstanceId> instances, Duration drain) implements Act {
        public RemoveInstances {
            instances = Set.copyOf(instances);
        }
    }

    record Announce(ServiceState state) implements Act {}

    /** Everything of a deleted service is gone: its rows go too. */
    record Forget() implements Act {}
}
