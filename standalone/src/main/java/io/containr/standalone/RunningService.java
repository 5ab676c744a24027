package io.containr.standalone;

import java.util.List;

/** A service that was started, as a context of this JVM or as a process of its own. */
sealed interface RunningService extends AutoCloseable permits ServiceContext, ServiceProcess {

    /** Stops it properly, and returns when it has. */
    @Override
    void close();

    /** Stops all of them side by side. */
    static void closeAll(List<RunningService> services) {
        services.parallelStream().forEach(RunningService::close);
    }
}
