package io.containr.contracts;

import io.containr.contracts.agent.AgentCommand;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.InstanceMeasured;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.agent.VolumeCommand;
import io.containr.contracts.agent.VolumeEvent;
import io.containr.contracts.build.BuildCommand;
import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.SourceEvent;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.contracts.deploy.DeployEvent;
import io.containr.contracts.identity.IdentityEvent;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.ProjectEvent;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of every message: kept by hand, never derived from class names, so that renaming a class breaks nobody. */
public final class MessageTypes {

    public static final List<MessageType> ALL = List.of(
            row("containr.identity.user-registered", Topics.IDENTITY_EVENTS, IdentityEvent.UserRegistered.class),
            row("containr.identity.user-updated", Topics.IDENTITY_EVENTS, IdentityEvent.UserUpdated.class),
            row("containr.identity.user-logged-in", Topics.IDENTITY_EVENTS, IdentityEvent.UserLoggedIn.class),
            row("containr.identity.user-logged-out", Topics.IDENTITY_EVENTS, IdentityEvent.UserLoggedOut.class),
            row("containr.project.project-created", Topics.PROJECT_EVENTS, ProjectEvent.ProjectCreated.class),
            row("containr.project.project-updated", Topics.PROJECT_EVENTS, ProjectEvent.ProjectUpdated.class),
            row("containr.project.project-deleted", Topics.PROJECT_EVENTS, ProjectEvent.ProjectDeleted.class),
            row("containr.project.service-created", Topics.PROJECT_EVENTS, ProjectEvent.ServiceCreated.class),
            row("containr.project.service-updated", Topics.PROJECT_EVENTS, ProjectEvent.ServiceUpdated.class),
            row("containr.project.service-deleted", Topics.PROJECT_EVENTS, ProjectEvent.ServiceDeleted.class),
            row(
                    "containr.project.shared-variables-changed",
                    Topics.PROJECT_EVENTS,
                    ProjectEvent.SharedVariablesChanged.class),
            row("containr.project.push-received", Topics.PROJECT_EVENTS, ProjectEvent.PushReceived.class),
            row("containr.project.push-ignored", Topics.PROJECT_EVENTS, ProjectEvent.PushIgnored.class),
            row("containr.project.deployment-requested", Topics.PROJECT_EVENTS, ProjectEvent.DeploymentRequested.class),
            row("containr.build.start", Topics.BUILD_COMMANDS, BuildCommand.StartBuild.class),
            row("containr.build.cancel", Topics.BUILD_COMMANDS, BuildCommand.CancelBuild.class),
            row("containr.build.started", Topics.BUILD_EVENTS, BuildEvent.BuildStarted.class),
            row("containr.build.succeeded", Topics.BUILD_EVENTS, BuildEvent.BuildSucceeded.class),
            row("containr.build.failed", Topics.BUILD_EVENTS, BuildEvent.BuildFailed.class),
            row("containr.build.cancelled", Topics.BUILD_EVENTS, BuildEvent.BuildCancelled.class),
            row("containr.build.head-moved", Topics.BUILD_EVENTS, SourceEvent.HeadMoved.class),
            row("containr.deploy.deployment-created", Topics.DEPLOY_EVENTS, DeployEvent.DeploymentCreated.class),
            row("containr.deploy.rollout-started", Topics.DEPLOY_EVENTS, DeployEvent.RolloutStarted.class),
            row("containr.deploy.deployment-succeeded", Topics.DEPLOY_EVENTS, DeployEvent.DeploymentSucceeded.class),
            row("containr.deploy.deployment-failed", Topics.DEPLOY_EVENTS, DeployEvent.DeploymentFailed.class),
            row("containr.deploy.deployment-superseded", Topics.DEPLOY_EVENTS, DeployEvent.DeploymentSuperseded.class),
            row("containr.deploy.deployment-cancelled", Topics.DEPLOY_EVENTS, DeployEvent.DeploymentCancelled.class),
            row("containr.deploy.service-state-changed", Topics.DEPLOY_EVENTS, DeployEvent.ServiceStateChanged.class),
            row("containr.deploy.run-started", Topics.DEPLOY_EVENTS, DeployEvent.RunStarted.class),
            row("containr.deploy.run-finished", Topics.DEPLOY_EVENTS, DeployEvent.RunFinished.class),
            row("containr.deploy.releases-retained", Topics.DEPLOY_EVENTS, DeployEvent.ReleasesRetained.class),
            row("containr.agent.ensure-instance", Topics.AGENT_COMMANDS, AgentCommand.EnsureInstance.class),
            row("containr.agent.remove-instance", Topics.AGENT_COMMANDS, AgentCommand.RemoveInstance.class),
            row("containr.agent.remove-volume", Topics.AGENT_COMMANDS, VolumeCommand.RemoveVolume.class),
            row("containr.agent.back-up-volume", Topics.AGENT_COMMANDS, VolumeCommand.BackUpVolume.class),
            row("containr.agent.restore-volume", Topics.AGENT_COMMANDS, VolumeCommand.RestoreVolume.class),
            row("containr.agent.delete-backup", Topics.AGENT_COMMANDS, VolumeCommand.DeleteBackup.class),
            row("containr.agent.instance-started", Topics.AGENT_EVENTS, AgentEvent.InstanceStarted.class),
            row("containr.agent.instance-became-healthy", Topics.AGENT_EVENTS, AgentEvent.InstanceBecameHealthy.class),
            row(
                    "containr.agent.instance-became-unhealthy",
                    Topics.AGENT_EVENTS,
                    AgentEvent.InstanceBecameUnhealthy.class),
            row("containr.agent.instance-exited", Topics.AGENT_EVENTS, AgentEvent.InstanceExited.class),
            row("containr.agent.instance-failed", Topics.AGENT_EVENTS, AgentEvent.InstanceFailed.class),
            row("containr.agent.guest-task-ended", Topics.AGENT_EVENTS, AgentEvent.GuestTaskEnded.class),
            row("containr.agent.instance-resized", Topics.AGENT_EVENTS, AgentEvent.InstanceResized.class),
            row("containr.agent.instance-not-resized", Topics.AGENT_EVENTS, AgentEvent.InstanceNotResized.class),
            row("containr.agent.instance-move-requested", Topics.AGENT_EVENTS, AgentEvent.InstanceMoveRequested.class),
            row("containr.agent.instance-move-withdrawn", Topics.AGENT_EVENTS, AgentEvent.InstanceMoveWithdrawn.class),
            row("containr.agent.instance-removed", Topics.AGENT_EVENTS, AgentEvent.InstanceRemoved.class),
            row("containr.agent.volume-backed-up", Topics.AGENT_EVENTS, VolumeEvent.VolumeBackedUp.class),
            row("containr.agent.volume-backup-failed", Topics.AGENT_EVENTS, VolumeEvent.VolumeBackupFailed.class),
            row("containr.agent.volume-restored", Topics.AGENT_EVENTS, VolumeEvent.VolumeRestored.class),
            row("containr.agent.volume-restore-failed", Topics.AGENT_EVENTS, VolumeEvent.VolumeRestoreFailed.class),
            row("containr.agent.backup-deleted", Topics.AGENT_EVENTS, VolumeEvent.BackupDeleted.class),
            row("containr.agent.node-task-ended", Topics.AGENT_EVENTS, NodeTaskEnded.class),
            row("containr.agent.instance-measured", Topics.USAGE, InstanceMeasured.class),
            row("containr.database.database-created", Topics.DATABASE_EVENTS, DatabaseEvent.DatabaseCreated.class),
            row("containr.database.database-updated", Topics.DATABASE_EVENTS, DatabaseEvent.DatabaseUpdated.class),
            row(
                    "containr.database.database-state-changed",
                    Topics.DATABASE_EVENTS,
                    DatabaseEvent.DatabaseStateChanged.class),
            row(
                    "containr.database.database-variables-changed",
                    Topics.DATABASE_EVENTS,
                    DatabaseEvent.DatabaseVariablesChanged.class),
            row("containr.database.backup-completed", Topics.DATABASE_EVENTS, DatabaseEvent.BackupCompleted.class),
            row("containr.database.backup-failed", Topics.DATABASE_EVENTS, DatabaseEvent.BackupFailed.class),
            row("containr.database.backup-verified", Topics.DATABASE_EVENTS, DatabaseEvent.BackupVerified.class),
            row("containr.database.backup-unverified", Topics.DATABASE_EVENTS, DatabaseEvent.BackupUnverified.class),
            row("containr.database.database-restored", Topics.DATABASE_EVENTS, DatabaseEvent.DatabaseRestored.class),
            row(
                    "containr.database.database-restore-failed",
                    Topics.DATABASE_EVENTS,
                    DatabaseEvent.DatabaseRestoreFailed.class),
            row("containr.database.database-deleted", Topics.DATABASE_EVENTS, DatabaseEvent.DatabaseDeleted.class),
            row("containr.route.route", Topics.ROUTES, Route.class),
            row("containr.route.served", Topics.ROUTE_EVENTS, RouteEvent.RouteServed.class),
            row("containr.route.gateway-alive", Topics.ROUTE_EVENTS, RouteEvent.GatewayAlive.class),
            row("containr.route.gateway-stopped", Topics.ROUTE_EVENTS, RouteEvent.GatewayStopped.class),
            row("containr.log.lines", Topics.LOGS, LogLines.class));

    private static final Map<Class<?>, MessageType> BY_PAYLOAD =
            ALL.stream().collect(Collectors.toUnmodifiableMap(MessageType::payload, Function.identity()));
    private static final Map<String, MessageType> BY_SCHEMA =
            ALL.stream().collect(Collectors.toUnmodifiableMap(MessageType::dataSchema, Function.identity()));

    private MessageTypes() {}

    /** @throws IllegalArgumentException for a class that is no message */
    public static MessageType of(Class<?> payload) {
        MessageType type = BY_PAYLOAD.get(payload);
        if (type == null) {
            throw new IllegalArgumentException("not a message: " + payload.getName());
        }
        return type;
    }

    /** The row whose {@link MessageType#dataSchema()} is this; empty for one this version does not know. */
    public static Optional<MessageType> bySchema(String dataSchema) {
        return Optional.ofNullable(BY_SCHEMA.get(dataSchema));
    }

    private static MessageType row(String wireName, String topic, Class<?> payload) {
        return new MessageType(wireName, 1, topic, payload);
    }
}
