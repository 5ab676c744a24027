package io.containr.contracts;

import io.containr.contracts.agent.AgentCommand;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.InstanceMeasured;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.agent.VolumeCommand;
import io.containr.contracts.agent.VolumeEvent;
import io.containr.contracts.build.BuildCommand;
import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.build.SourceEvent;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.contracts.deploy.DeployEvent;
import io.containr.contracts.identity.IdentityEvent;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.RunId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ProjectEvent;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Schedule;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One example of every message. */
final class Examples {

    private static final UserId USER = UserId.of("0198d3b0-0000-7000-8000-000000000001");
    private static final ProjectId PROJECT = ProjectId.of("0198d3b0-0000-7000-8000-000000000002");
    private static final ServiceId SERVICE = ServiceId.of("0198d3b0-0000-7000-8000-000000000003");
    private static final BuildId BUILD = BuildId.of("0198d3b0-0000-7000-8000-000000000004");
    private static final DeploymentId DEPLOYMENT = DeploymentId.of("0198d3b0-0000-7000-8000-000000000005");
    private static final DeploymentId NEWER = DeploymentId.of("0198d3b0-0000-7000-8000-000000000006");
    private static final ReleaseId RELEASE = ReleaseId.of("0198d3b0-0000-7000-8000-000000000007");
    private static final RunId RUN = RunId.of("0198d3b0-0000-7000-8000-000000000011");
    private static final InstanceId INSTANCE = InstanceId.of("0198d3b0-0000-7000-8000-000000000008");
    private static final BackupId BACKUP = BackupId.of("0198d3b0-0000-7000-8000-000000000013");
    private static final DatabaseId DATABASE = DatabaseId.of("0198d3b0-0000-7000-8000-000000000012");
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");
    private static final Sealed SECRET = new Sealed("AQIDBAUGBwg=");
    private static final String DIGEST = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    private static final ServiceSource SOURCE = new ServiceSource(
            ServiceSource.Type.GIT, "https://git.example.com/ada/hello.git", "main", "app", "Dockerfile", null);
    private static final BuildSettings SETTINGS =
            new BuildSettings("dockerfile", null, "/app/start.sh --fast", Map.of("BASE", SECRET));
    private static final ServiceSpec SPEC = new ServiceSpec(
            SERVICE,
            3,
            PROJECT,
            USER,
            "hello",
            "demo",
            ServiceKind.WEB,
            SOURCE,
            SETTINGS,
            Resources.DEFAULT,
            new HealthCheck("/healthz", Duration.ofSeconds(60)),
            Map.of("GREETING", SECRET),
            ServiceSpec.Wanted.RUNNING,
            1,
            new Schedule("*/15 3 * * 1-5", "Europe/Berlin"),
            new Volume(1024, "/data"),
            new GitCredential("x-access-token", SECRET),
            true,
            3,
            "north");
    private static final PreparedImage IMAGE = new PreparedImage(
            "registry.example.com/s/hello",
            "5f70bf18a086",
            DIGEST,
            2_345_678,
            new PreparedImage.Config(
                    List.of("/app/start.sh"),
                    List.of("--fast"),
                    Map.of("PATH", "/bin"),
                    "1000:1000",
                    "/app",
                    "SIGQUIT",
                    List.of(8080),
                    List.of("/data"),
                    "amd64"),
            true);
    private static final AgentEvent.Instance WHICH = new AgentEvent.Instance(INSTANCE, SERVICE, PROJECT, DEPLOYMENT, 7);
    private static final Failure FAILURE =
            new Failure("HEALTH_CHECK_FAILED", "GET /healthz on port 8080 answered 500 for 60 s");

    /** In the order of the table. */
    static final List<Object> ALL = List.of(
            new IdentityEvent.UserRegistered(USER, "ada@example.com", "Ada"),
            new IdentityEvent.UserUpdated(USER, "ada@example.com", "Ada L."),
            new IdentityEvent.UserLoggedIn(USER, "ada@example.com"),
            new IdentityEvent.UserLoggedOut(USER),
            new ProjectEvent.ProjectCreated(PROJECT, USER, "demo"),
            new ProjectEvent.ProjectUpdated(PROJECT, USER, "demo"),
            new ProjectEvent.ProjectDeleted(PROJECT, USER),
            new ProjectEvent.ServiceCreated(SPEC),
            new ProjectEvent.ServiceUpdated(SPEC),
            new ProjectEvent.ServiceDeleted(SERVICE, PROJECT, USER),
            new ProjectEvent.SharedVariablesChanged(PROJECT, USER, 4, Map.of("REGION", SECRET)),
            new ProjectEvent.PushReceived(
                    SERVICE,
                    PROJECT,
                    USER,
                    "github",
                    "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                    "main",
                    "9fceb02d0ae598e95dc970b74767f19372d61af8",
                    "Say hello",
                    "Ada <ada@example.com>"),
            new ProjectEvent.PushIgnored(
                    SERVICE,
                    PROJECT,
                    USER,
                    "main",
                    "9fceb02d0ae598e95dc970b74767f19372d61af8",
                    "the commit's message says so"),
            new ProjectEvent.DeploymentRequested(SERVICE, PROJECT, USER, "nodejs"),
            new BuildCommand.StartBuild(
                    BUILD,
                    DEPLOYMENT,
                    SERVICE,
                    PROJECT,
                    USER,
                    SOURCE,
                    SETTINGS,
                    "main",
                    null,
                    Map.of("A", SECRET),
                    new GitCredential("oauth2", SECRET),
                    ServiceKind.WEB),
            new BuildCommand.CancelBuild(BUILD, "superseded"),
            new BuildEvent.BuildStarted(BUILD, DEPLOYMENT, SERVICE, PROJECT),
            new BuildEvent.BuildSucceeded(
                    BUILD,
                    DEPLOYMENT,
                    SERVICE,
                    PROJECT,
                    IMAGE,
                    new BuildEvent.Commit(
                            "9fceb02d0ae598e95dc970b74767f19372d61af8", "Say hello", "Ada <ada@example.com>"),
                    Map.of("clone", Duration.ofMillis(120))),
            new BuildEvent.BuildFailed(
                    BUILD, DEPLOYMENT, SERVICE, PROJECT, new Failure("BUILD_FAILED", "RUN make: exit code 2")),
            new BuildEvent.BuildCancelled(BUILD, DEPLOYMENT, SERVICE, PROJECT),
            new SourceEvent.HeadMoved(
                    SERVICE,
                    PROJECT,
                    "https://git.example.com/ada/hello.git",
                    "main",
                    "1f7a7a472abf3dd9643fd615f6da379c4acb3e3a",
                    "9fceb02d0ae598e95dc970b74767f19372d61af8",
                    "Say hello\n\nIt is time.",
                    "Ada <ada@example.com>"),
            new DeployEvent.DeploymentCreated(DEPLOYMENT, SERVICE, PROJECT, "manual", null),
            new DeployEvent.RolloutStarted(DEPLOYMENT, SERVICE, PROJECT, RELEASE, DIGEST),
            new DeployEvent.DeploymentSucceeded(
                    DEPLOYMENT, SERVICE, PROJECT, RELEASE, "http://hello-demo.apps.localhost:8080"),
            new DeployEvent.DeploymentFailed(DEPLOYMENT, SERVICE, PROJECT, FAILURE),
            new DeployEvent.DeploymentSuperseded(DEPLOYMENT, SERVICE, PROJECT, NEWER),
            new DeployEvent.DeploymentCancelled(DEPLOYMENT, SERVICE, PROJECT),
            new DeployEvent.ServiceStateChanged(SERVICE, PROJECT, "running", "http://hello-demo.apps.localhost:8080"),
            new DeployEvent.RunStarted(RUN, SERVICE, PROJECT, DEPLOYMENT, "schedule", NOON),
            new DeployEvent.RunFinished(RUN, SERVICE, PROJECT, "schedule", NOON, "failed", 3, FAILURE),
            new DeployEvent.ReleasesRetained(SERVICE, PROJECT, Set.of(DIGEST)),
            new AgentCommand.EnsureInstance(new InstanceSpec(
                    INSTANCE,
                    SERVICE,
                    PROJECT,
                    DEPLOYMENT,
                    7,
                    "hello-demo",
                    "eu",
                    IMAGE,
                    List.of("/app/start.sh"),
                    Map.of("PORT", "8080"),
                    Map.of("GREETING", SECRET),
                    Resources.DEFAULT,
                    8080,
                    HealthCheck.DEFAULT,
                    Duration.ofSeconds(30),
                    new Volume(1024, "/data"),
                    "hello",
                    true,
                    true,
                    List.of("192.0.2.0/24"))),
            new AgentCommand.RemoveInstance(INSTANCE, SERVICE, 8, Duration.ofSeconds(10), Duration.ofSeconds(30)),
            new VolumeCommand.RemoveVolume(SERVICE),
            new VolumeCommand.BackUpVolume(BACKUP, SERVICE),
            new VolumeCommand.RestoreVolume(BACKUP, SERVICE),
            new VolumeCommand.DeleteBackup(BACKUP, SERVICE),
            new AgentEvent.InstanceStarted(WHICH, "pve1", 10_001, "10.86.0.7"),
            new AgentEvent.InstanceBecameHealthy(WHICH, "10.86.0.7", 8080, Map.of("start", Duration.ofMillis(300))),
            new AgentEvent.InstanceBecameUnhealthy(WHICH, "connection refused"),
            new AgentEvent.InstanceExited(WHICH, 137, null, 2),
            new AgentEvent.InstanceFailed(WHICH, FAILURE, List.of("panic: no database")),
            new AgentEvent.GuestTaskEnded(
                    WHICH,
                    "pve1",
                    10_001,
                    "vzstart",
                    "UPID:pve1:00000B34:000283D5:6B048FBC:vzstart:10001:containr@pve!agent:",
                    "OTHER",
                    "startup for container '10001' failed",
                    Duration.ofMillis(1500)),
            new AgentEvent.InstanceResized(WHICH),
            new AgentEvent.InstanceNotResized(WHICH, FAILURE, true),
            new AgentEvent.InstanceMoveRequested(WHICH, "pve1"),
            new AgentEvent.InstanceMoveWithdrawn(WHICH, "pve1"),
            new AgentEvent.InstanceRemoved(WHICH),
            new VolumeEvent.VolumeBackedUp(
                    BACKUP,
                    SERVICE,
                    "pve1",
                    "local:backup/vzdump-lxc-10001-2026_01_02-12_00_00.tar.zst",
                    4_567_890,
                    NOON),
            new VolumeEvent.VolumeBackupFailed(
                    BACKUP, SERVICE, new Failure("BACKUP_STORAGE_FULL", "No space left on device")),
            new VolumeEvent.VolumeRestored(BACKUP, SERVICE),
            new VolumeEvent.VolumeRestoreFailed(BACKUP, SERVICE, new Failure("RESTORE_FAILED", "Damaged archive")),
            new VolumeEvent.BackupDeleted(BACKUP, SERVICE),
            new NodeTaskEnded(
                    "pve1",
                    10_001,
                    SERVICE,
                    "vzdump",
                    BACKUP.toString(),
                    "UPID:pve1:00000B34:000283D5:6B048FBC:vzdump:10001:containr@pve!agent:",
                    "STORAGE_FULL",
                    "No space left on device",
                    Duration.ofMillis(1500)),
            new InstanceMeasured(INSTANCE, SERVICE, NOON, 0.25, 104857600, 1024.5, 2048.0, 0.0, null),
            new DatabaseEvent.DatabaseCreated(DATABASE, USER, PROJECT, "orders", "postgresql", "16", "hobby"),
            new DatabaseEvent.DatabaseUpdated(DATABASE, USER, PROJECT, "orders", "starter", List.of("192.0.2.0/24")),
            new DatabaseEvent.DatabaseStateChanged(
                    DATABASE, USER, PROJECT, "error", new Failure("NOT_ANSWERING", "connection refused")),
            new DatabaseEvent.DatabaseVariablesChanged(
                    DATABASE, USER, PROJECT, 2, "orders", Map.of("DATABASE_URL", SECRET)),
            new DatabaseEvent.BackupCompleted(BACKUP, DATABASE, USER, PROJECT, 4_567_890),
            new DatabaseEvent.BackupFailed(
                    BACKUP, DATABASE, USER, PROJECT, new Failure("BACKUP_STORAGE_FULL", "No space left on device")),
            new DatabaseEvent.BackupVerified(BACKUP, DATABASE, USER, PROJECT),
            new DatabaseEvent.BackupUnverified(
                    BACKUP, DATABASE, USER, PROJECT, new Failure("RESTORE_FAILED", "Damaged archive")),
            new DatabaseEvent.DatabaseRestored(DATABASE, USER, PROJECT, BACKUP),
            new DatabaseEvent.DatabaseRestoreFailed(
                    DATABASE, USER, PROJECT, BACKUP, new Failure("NOT_ANSWERING", "It does not answer a query")),
            new DatabaseEvent.DatabaseDeleted(DATABASE, USER, PROJECT),
            new Route(
                    "hello-demo.apps.localhost",
                    SERVICE,
                    PROJECT,
                    4,
                    List.of(new Route.Target(INSTANCE, "10.86.0.7", 8080))),
            new RouteEvent.RouteServed("gateway-1", "hello-demo.apps.localhost", 4, NOON),
            new RouteEvent.GatewayAlive("gateway-1", NOON),
            new RouteEvent.GatewayStopped("gateway-1", NOON),
            new LogLines(
                    SERVICE,
                    PROJECT,
                    DEPLOYMENT,
                    null,
                    INSTANCE,
                    List.of(new LogLines.Line(18, NOON, "stdout", "hello"))));

    private Examples() {}
}
