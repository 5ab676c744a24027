package io.containr.deploy.run;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.Schedule;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.DeployProperties;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.release.Release;
import io.containr.deploy.run.CronServices.CronService;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks at one scheduled service: stops what may not go on, starts what is due, removes what is left, and says when to look again; all
 * under the lock of the service's row and in one transaction, so that another copy, a repetition or a crash changes nothing.
 */
@Component
class RunLoop {

    private static final Logger log = LoggerFactory.getLogger(RunLoop.class);

    /** Generation of every instance that runs once: it is asked for once. */
    private static final long GENERATION = 1;

    private final CronServices services;
    private final Runs runs;
    private final RunLedger ledger;
    private final Served served;
    private final ProjectDirectory directory;
    private final Outbox outbox;
    private final DeployProperties settings;
    private final TransactionOperations transaction;
    private final Clock clock;

    RunLoop(
            CronServices services,
            Runs runs,
            RunLedger ledger,
            Served served,
            ProjectDirectory directory,
            Outbox outbox,
            DeployProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.services = services;
        this.runs = runs;
        this.ledger = ledger;
        this.served = served;
        this.directory = directory;
        this.outbox = outbox;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    Next look(Work work) {
        ServiceId service = ServiceId.of(work.key());
        Optional<Instant> next = Objects.requireNonNull(transaction.execute(status -> look(service)));
        return next.map(time -> Duration.between(clock.instant(), time))
                .map(wait -> Next.after(wait.isNegative() ? Duration.ZERO : wait))
                .orElseGet(Next::done);
    }

    /** Returns when to look again, if nobody wakes the service before. */
    private Optional<Instant> look(ServiceId service) {
        Optional<ServiceSpec> spec = directory.find(service).filter(known -> known.kind() == ServiceKind.CRON);
        spec.ifPresent(known -> services.open(service, known.project()));
        Optional<CronService> row = services.lock(service);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Instant> deadline = stopWhatMayNotGoOn(service, spec.orElse(null), now);
        Optional<Instant> due = schedule(service, spec.orElse(null), row.get(), now);
        Optional<Instant> removal = remove(service, now);
        if (spec.isEmpty() && !runs.anyInstance(service)) {
            runs.deleteAll(service);
            services.delete(service);
            return Optional.empty();
        }
        if (due.isPresent() && deadline.isEmpty()) {
            deadline = runs.running(service).map(Run::deadline);
        }
        return Stream.of(deadline, due, removal).flatMap(Optional::stream).min(Instant::compareTo);
    }

    private Optional<Instant> stopWhatMayNotGoOn(ServiceId service, @Nullable ServiceSpec spec, Instant now) {
        Optional<Run> running = runs.running(service);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        Run run = running.get();
        Instant deadline = Objects.requireNonNullElse(run.deadline(), now);
        Failure reason = null;
        if (spec == null) {
            reason = new Failure("SERVICE_DELETED", "The service was deleted while it ran.");
        } else if (spec.wanted() == Wanted.STOPPED) {
            reason = new Failure("SERVICE_STOPPED", "The service was stopped while it ran.");
        } else if (!now.isBefore(deadline)) {
            reason = new Failure(
                    "TIME_LIMIT",
                    "It did not end within " + settings.runs().timeLimit().toSeconds() + " seconds and was stopped.");
        }
        if (reason == null) {
            return Optional.of(deadline);
        }
        ledger.end(run, RunStatus.FAILED, null, reason, now);
        return Optional.empty();
    }

    private Optional<Instant> schedule(ServiceId service, @Nullable ServiceSpec spec, CronService row, Instant now) {
        Optional<Served.Serving> serving = served.of(service);
        Schedule wanted = spec == null || spec.wanted() == Wanted.STOPPED || serving.isEmpty() ? null : spec.schedule();
        Optional<Timetable> timetable = timetable(service, wanted);
        if (timetable.isEmpty() || serving.isEmpty()) {
            if (row.schedule() != null || row.nextAt() != null) {
                services.plan(service, null, null);
            }
            return Optional.empty();
        }
        Instant next = row.nextAt();
        if (!Objects.equals(row.schedule(), wanted)) {
            next = timetable.get().after(now).orElse(null);
        } else if (next != null && !now.isBefore(next)) {
            next = takeDue(serving.get(), timetable.get(), next, now);
        }
        if (!Objects.equals(row.schedule(), wanted) || !Objects.equals(row.nextAt(), next)) {
            services.plan(service, wanted, next);
        }
        return Optional.ofNullable(next);
    }

    private @Nullable Instant takeDue(Served.Serving serving, Timetable timetable, Instant first, Instant now) {
        Timetable.Due due = timetable.due(
                first, now, settings.runs().makeUp(), settings.runs().kept());
        Deployment deployment = serving.deployment();
        Release release = serving.release();
        due.missed().forEach(time -> ledger.skip(deployment, release, RunStatus.MISSED, time));
        Instant time = due.run();
        if (time != null) {
            if (runs.running(deployment.service()).isPresent()) {
                ledger.skip(deployment, release, RunStatus.SKIPPED, time);
            } else {
                ledger.start(deployment, release, RunTrigger.SCHEDULE, time);
            }
        }
        return due.next();
    }

    private static Optional<Timetable> timetable(ServiceId service, @Nullable Schedule schedule) {
        if (schedule == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Timetable(schedule));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            log.warn("Service {} has a schedule that is none", service, e);
            return Optional.empty();
        }
    }

    private Optional<Instant> remove(ServiceId service, Instant now) {
        Duration patience =
                settings.patience().removal().plus(settings.patience().stopGrace());
        runs.toRemove(service, now.minus(patience), now)
                .forEach(instance -> outbox.append(
                        new RemoveInstance(
                                instance,
                                service,
                                GENERATION,
                                Duration.ZERO,
                                settings.patience().stopGrace()),
                        service));
        return runs.anyEndedInstance(service) ? Optional.of(now.plus(patience)) : Optional.empty();
    }
}
