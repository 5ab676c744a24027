package io.containr.deploy.run;

import io.containr.contracts.ids.RunId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.run.CronServices.CronService;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Runs as users ask for them and see them. */
@Service
public class RunRequests {

    private final ProjectDirectory directory;
    private final CronServices services;
    private final Runs runs;
    private final RunLedger ledger;
    private final Served served;
    private final WorkQueue runQueue;
    private final Clock clock;

    RunRequests(
            ProjectDirectory directory,
            CronServices services,
            Runs runs,
            RunLedger ledger,
            Served served,
            WorkQueue runQueue,
            Clock clock) {
        this.directory = directory;
        this.services = services;
        this.runs = runs;
        this.ledger = ledger;
        this.served = served;
        this.runQueue = runQueue;
        this.clock = clock;
    }

    /**
     * Runs the service now, beside its schedule.
     *
     * @throws ApiException NOT_FOUND, or CONFLICT where it cannot run or runs already
     */
    @Transactional
    public Run runNow(ServiceId id, Actor actor) {
        ServiceSpec spec = directory.latest(id, actor);
        if (spec.kind() != ServiceKind.CRON) {
            throw ApiException.conflict("Only a service of type cron has runs");
        }
        if (spec.wanted() == Wanted.STOPPED) {
            throw ApiException.conflict("The service is stopped; start it first");
        }
        services.open(id, spec.project());
        services.lock(id);
        Served.Serving serving = served.of(id)
                .orElseThrow(() -> ApiException.conflict("The service was never deployed; deploy it first"));
        RunId run = ledger.start(serving.deployment(), serving.release(), RunTrigger.MANUAL, clock.instant())
                .orElseThrow(() -> ApiException.conflict("A run of the service has not ended yet"));
        runQueue.wake(id);
        return runs.find(run).orElseThrow();
    }

    /** @throws ApiException NOT_FOUND where there is none the actor may see */
    public Run find(RunId id, Actor actor) {
        return runs.find(id)
                .filter(run -> directory.maySee(run.service(), actor))
                .orElseThrow(() -> ApiException.notFound("Run"));
    }

    /** When the service runs next by itself; empty where it does not. */
    public Optional<Instant> next(ServiceId service) {
        return services.find(service).map(CronService::nextAt);
    }
}
