package io.containr.deploy.rollout;

import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.deployment.Deployments;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Takes a step: changes rows and appends messages, all in the transaction that holds the lock of the rollout. */
@Component
class StepExecutor {

    private final DeploymentSteps deploymentSteps;
    private final InstanceSteps instanceSteps;
    private final ServiceSteps serviceSteps;
    private final Deployments deployments;

    StepExecutor(
            DeploymentSteps deploymentSteps,
            InstanceSteps instanceSteps,
            ServiceSteps serviceSteps,
            Deployments deployments) {
        this.deploymentSteps = deploymentSteps;
        this.instanceSteps = instanceSteps;
        this.serviceSteps = serviceSteps;
        this.deployments = deployments;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void execute(Step.Act act, Rollout rollout, Desired desired) {
        Origins.run(originOf(act, rollout), () -> take(act, rollout, desired));
    }

    private void take(Step.Act act, Rollout rollout, Desired desired) {
        ServiceId service = rollout.service();
        switch (act) {
            case Step.StartBuild step -> deploymentSteps.startBuild(step);
            case Step.NoteBuilding step -> deploymentSteps.noteBuilding(step);
            case Step.MakeRelease step -> deploymentSteps.makeRelease(step);
            case Step.Queue step -> deploymentSteps.queue(step);
            case Step.StartRollout step -> instanceSteps.startRollout(step, desired);
            case Step.ExtendRollout step -> instanceSteps.extendRollout(step);
            case Step.Explain step -> deploymentSteps.explain(step);
            case Step.Complete step -> deploymentSteps.complete(step, rollout);
            case Step.Fail step -> deploymentSteps.fail(step);
            case Step.Cancel step -> deploymentSteps.cancel(step);
            case Step.Supersede step -> deploymentSteps.supersede(step);
            case Step.Redeploy step -> serviceSteps.redeploy(step, rollout, desired);
            case Step.AcknowledgeRestart step -> serviceSteps.acknowledgeRestart(service, desired);
            case Step.NoteStopped step -> serviceSteps.noteStopped(service, desired);
            case Step.Scale step -> instanceSteps.scale(step, rollout);
            case Step.Replace step -> instanceSteps.replace(step, rollout);
            case Step.PublishRoute step -> serviceSteps.publishRoute(step, rollout);
            case Step.WithdrawRoute step -> serviceSteps.withdrawRoute(service);
            case Step.RemoveInstances step -> instanceSteps.remove(step, rollout);
            case Step.Announce step -> serviceSteps.announce(step, rollout);
            case Step.Forget step -> serviceSteps.forget(rollout);
        }
    }

    /** A step of a deployment is taken for who asked for it, any other for who last changed what is wanted. */
    private Origin originOf(Step.Act act, Rollout rollout) {
        if (act instanceof Step.ForDeployment step) {
            return deployments.get(step.deployment()).origin();
        }
        Origin wish = rollout.wishOrigin();
        return wish == null ? Origins.current() : wish;
    }
}
