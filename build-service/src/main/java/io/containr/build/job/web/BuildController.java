package io.containr.build.job.web;

import io.containr.build.job.Build;
import io.containr.build.job.BuildDesk;
import io.containr.build.job.BuildPages;
import io.containr.build.job.BuildStatus;
import io.containr.build.job.Builds;
import io.containr.build.job.web.BuildResponses.BuildCancelResponse;
import io.containr.build.job.web.BuildResponses.BuildListResponse;
import io.containr.build.job.web.BuildResponses.BuildStatusResponse;
import io.containr.build.job.web.BuildResponses.StartBuildResponse;
import io.containr.build.log.BuildLogs;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.log.LogLines.Line;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.Page;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/builds}. */
@RestController
@RequestMapping("/api/v1/builds")
class BuildController {

    private static final int DEFAULT_LIMIT = 20;
    private static final int SHOWN_LINES = 200;

    private final Builds builds;
    private final BuildPages pages;
    private final BuildDesk desk;
    private final BuildOrders orders;
    private final BuildLogs logs;
    private final LogText logText;
    private final ProjectDirectory directory;

    BuildController(
            Builds builds,
            BuildPages pages,
            BuildDesk desk,
            BuildOrders orders,
            BuildLogs logs,
            LogText logText,
            ProjectDirectory directory) {
        this.builds = builds;
        this.pages = pages;
        this.desk = desk;
        this.orders = orders;
        this.logs = logs;
        this.logText = logText;
        this.directory = directory;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    StartBuildResponse start(@Valid @RequestBody StartBuildRequest request, Actor actor) {
        Build build = orders.order(request, actor);
        desk.request(build);
        return BuildResponses.accepted(build);
    }

    @GetMapping
    BuildListResponse list(
            @RequestParam(name = "project_id", required = false) @Nullable UUID project,
            @RequestParam(name = "service_id", required = false) @Nullable UUID service,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            Actor actor) {
        Page wanted = Page.of(page, limit, DEFAULT_LIMIT);
        BuildPages.Filter filter = new BuildPages.Filter(
                actor.id(),
                project == null ? null : new ProjectId(project),
                service == null ? null : new ServiceId(service),
                status(status));
        BuildPages.Found found = pages.find(filter, wanted);
        return new BuildListResponse(
                found.builds().stream()
                        .map(build -> BuildResponses.status(build, null))
                        .toList(),
                found.total(),
                wanted.number(),
                wanted.limit());
    }

    private static @Nullable BuildStatus status(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(BuildStatus.values())
                .filter(status -> status.wireName().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> ApiException.invalid("status", "must be pending, running, success, failed or cancelled"));
    }

    @GetMapping("/{id}")
    BuildStatusResponse get(@PathVariable UUID id, Actor actor) {
        Build build = visible(id, actor);
        String log = logs.tail(build.id(), SHOWN_LINES).stream().map(Line::text).collect(Collectors.joining("\n"));
        return BuildResponses.status(build, log);
    }

    @PostMapping("/{id}/cancel")
    BuildCancelResponse cancel(@PathVariable UUID id, Actor actor) {
        Build build = visible(id, actor);
        if (build.status().isTerminal()) {
            throw ApiException.conflict("The build has ended already");
        }
        desk.cancel(build.id(), "Cancelled by its user.");
        return new BuildCancelResponse("Build is being cancelled");
    }

    @GetMapping("/{id}/logs")
    void logs(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "false") boolean follow,
            Actor actor,
            HttpServletResponse response)
            throws IOException {
        logText.write(visible(id, actor).id(), follow, response);
    }

    private Build visible(UUID id, Actor actor) {
        Build build = builds.find(new BuildId(id)).orElseThrow(() -> ApiException.notFound("Build"));
        try {
            directory.project(build.project(), actor);
        } catch (ApiException e) {
            throw e.code() == io.containr.runtime.web.ErrorCode.NOT_FOUND ? ApiException.notFound("Build") : e;
        }
        return build;
    }
}
