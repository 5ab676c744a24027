package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What can be asked of a guest that is connected. */
public interface GuestCommands {

    boolean isConnected(InstanceId instance);

    /**
     * Runs a command beside the application, at most once by its id: asked again with the same id, the guest gives the same
     * result. The future survives a lost connection; it fails with {@link GuestNotConnectedException} if there is none now, and
     * with a {@link java.util.concurrent.TimeoutException} if no result came within a minute after the command's own timeout.
     *
     * @param output receives what the command writes, one piece at a time
     */
    CompletableFuture<RunResult> run(InstanceId instance, GuestRun run, RunOutput output);

    /**
     * Replaces the names by which the guest reaches others. Returns when it is on its way.
     *
     * @return false where the guest is not connected
     */
    boolean hosts(InstanceId instance, List<GuestSpec.Host> hosts);

    /**
     * Ends the application for good, and the guest with it. Returns when it is on its way.
     *
     * @return false where the guest is not connected
     */
    boolean stop(InstanceId instance, Duration grace);
}
