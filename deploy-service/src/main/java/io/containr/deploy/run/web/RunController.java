package io.containr.deploy.run.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.containr.contracts.ids.RunId;
import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.Listing;
import io.containr.deploy.log.LogEntry;
import io.containr.deploy.log.LogStore;
import io.containr.deploy.run.Run;
import io.containr.deploy.run.RunRequests;
import io.containr.deploy.run.Runs;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.Page;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Runs of scheduled services. */
@RestController
@RequestMapping("/api/v1")
class RunController {

    private static final int LINES = 1000;

    private final RunRequests requests;
    private final Runs runs;
    private final ProjectDirectory directory;
    private final LogStore logs;

    RunController(RunRequests requests, Runs runs, ProjectDirectory directory, LogStore logs) {
        this.requests = requests;
        this.runs = runs;
        this.directory = directory;
        this.logs = logs;
    }

    @GetMapping("/services/{id}/runs")
    RunList list(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            Actor actor) {
        Page wanted = Listing.wanted(page, limit);
        ServiceId service = directory.service(new ServiceId(id), actor).service();
        Listing.Found<Run> found = runs.listing().page(service, wanted);
        return new RunList(found.map(RunView::of), requests.next(service).orElse(null), found.pagination());
    }

    @PostMapping("/services/{id}/runs")
    @ResponseStatus(HttpStatus.CREATED)
    OneRun run(@PathVariable UUID id, Actor actor) {
        return new OneRun(RunView.of(requests.runNow(new ServiceId(id), actor)));
    }

    @GetMapping("/runs/{id}")
    OneRun get(@PathVariable UUID id, Actor actor) {
        Run run = requests.find(new RunId(id), actor);
        List<LogEntry> lines = run.instance() == null ? List.of() : logs.of(run.instance(), LINES);
        return new OneRun(RunView.withLogs(run, lines));
    }

    record OneRun(RunView run) {}

    /** @param nextRun left out where the service does not run by itself */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RunList(List<RunView> runs, @Nullable Instant nextRun, Listing.Pagination pagination) {}
}
