package io.containr.build.log;

import io.containr.build.BuildProperties;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.log.LogLines.Line;
import io.containr.runtime.messaging.DirectPublisher;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Opens the logs of builds; what they store is published too, for those who follow a service. */
@Component
public class BuildLogFactory {

    private static final Logger log = LoggerFactory.getLogger(BuildLogFactory.class);

    private final BuildLogs store;
    private final DirectPublisher publisher;
    private final LogSignal signal;
    private final Clock clock;
    private final long limit;

    BuildLogFactory(
            BuildLogs store, DirectPublisher publisher, LogSignal signal, Clock clock, BuildProperties properties) {
        this.store = store;
        this.publisher = publisher;
        this.signal = signal;
        this.clock = clock;
        this.limit = properties.logLimit().toBytes();
    }

    /** @param service null: nobody but the build's own API shows its lines */
    public BuildLog open(
            BuildId build, @Nullable ServiceId service, ProjectId project, @Nullable DeploymentId deployment) {
        Consumer<List<Line>> tell = lines -> {
            signal.raise();
            if (service != null) {
                publisher
                        .publish(new LogLines(service, project, deployment, build, null, lines), service)
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                log.warn("Lines of build {} were stored but not published", build, failure);
                            }
                        });
            }
        };
        return new BuildLog(build, store, clock, limit, tell);
    }
}
