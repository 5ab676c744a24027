package io.containr.database.managed.web;

import io.containr.contracts.ids.DatabaseId;
import io.containr.database.backup.BackupCatalog;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import io.containr.database.managed.Database;
import io.containr.database.managed.DatabaseCatalog;
import io.containr.database.managed.DatabaseCatalog.Order;
import io.containr.database.managed.DatabaseCatalog.Wish;
import io.containr.database.managed.DatabaseStatus;
import io.containr.database.wal.PointsInTime;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.Page;
import io.containr.runtime.web.Page.Listed;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/databases")
class DatabaseController {

    private static final int DEFAULT_LIMIT = 20;
    private static final String START = "start";
    private static final String STOP = "stop";
    private static final String RESTART = "restart";

    /** In the place of a backup's id, where a time says which. */
    private static final String NEWEST = "newest";

    private final DatabaseCatalog catalog;
    private final BackupCatalog backups;
    private final DatabaseOrders orders;
    private final DatabaseViews views;
    private final PointsInTime points;

    DatabaseController(
            DatabaseCatalog catalog,
            BackupCatalog backups,
            DatabaseOrders orders,
            DatabaseViews views,
            PointsInTime points) {
        this.catalog = catalog;
        this.backups = backups;
        this.orders = orders;
        this.views = views;
        this.points = points;
    }

    @GetMapping
    DatabasesBody list(
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(name = "project_id", required = false) @Nullable String projectId,
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            Actor actor) {
        Page wanted = Page.of(page, limit, DEFAULT_LIMIT);
        Input input = new Input();
        Wish wish = new Wish(
                input.optional("type", blankToNull(type), DatabaseType::of, "must be one of " + DatabaseType.words()),
                input.optional(
                        "status", blankToNull(status), DatabaseStatus::of, "must be one of " + DatabaseStatus.words()),
                input.optional("project_id", blankToNull(projectId), DatabaseOrders::project, "must be a UUID"));
        input.check();
        Listed<Database> listed = catalog.list(wish, wanted, actor);
        return new DatabasesBody(
                listed.items().stream().map(views::of).toList(),
                new Pagination(wanted.number(), wanted.limit(), listed.total(), wanted.pages(listed.total())));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CreatedBody create(@RequestBody CreateDatabaseRequest request, Actor actor) {
        Order order = orders.order(request);
        Database database =
                order.backup() == null ? catalog.create(order, actor) : backups.create(order, order.backup(), actor);
        return new CreatedBody(
                database.id().toString(),
                "The database " + database.name() + " is being made",
                DatabaseStatus.BUILDING.word());
    }

    @GetMapping("/{id}")
    DatabaseBody get(@PathVariable DatabaseId id, Actor actor) {
        return views.of(catalog.get(id, actor));
    }

    @PutMapping("/{id}")
    MessageBody update(@PathVariable DatabaseId id, @RequestBody UpdateDatabaseRequest request, Actor actor) {
        Input input = new Input();
        String name = input.optional("name", request.name(), DatabaseOrders::name, DatabaseOrders.NAME_RULE);
        Plan plan = input.optional("plan", request.plan(), Plan::of, "must be one of " + Plan.words());
        List<String> networks = AllowedNetworks.read(request.allowedNetworks(), input);
        input.check();
        return new MessageBody("Database updated"
                + switch (catalog.update(id, new DatabaseCatalog.Update(name, plan, networks), actor)) {
                    case WRITTEN -> "";
                    case GROWS -> "; it grows to its new plan while it runs";
                    case RESTARTS -> "; it restarts with its new plan";
                });
    }

    @DeleteMapping("/{id}")
    MessageBody delete(@PathVariable DatabaseId id, Actor actor) {
        catalog.delete(id, actor);
        return new MessageBody("Database deleted; its guest and volume are being removed");
    }

    @PostMapping("/{id}/action")
    ActionBody act(@PathVariable DatabaseId id, @RequestBody ActionRequest request, Actor actor) {
        Input input = new Input();
        String action = input.required(
                "action",
                request.action(),
                word -> Optional.of(word).filter(Set.of(START, STOP, RESTART)::contains),
                "must be one of start, stop, restart");
        input.check();
        Database database = switch (Objects.requireNonNull(action)) {
            case START -> catalog.start(id, actor);
            case STOP -> catalog.stop(id, actor);
            default -> catalog.restart(id, actor);
        };
        return new ActionBody(
                "Accepted: " + action, database.condition().status().word());
    }

    /** Not in the contract's original. */
    @PostMapping("/{id}/credentials")
    ActionBody rotate(@PathVariable DatabaseId id, Actor actor) {
        Database database = catalog.rotate(id, actor);
        return new ActionBody(
                "The database gets a new password; deploy the services that use it anew once connection_url shows it",
                database.condition().status().word());
    }

    @PostMapping("/{id}/backup")
    @ResponseStatus(HttpStatus.CREATED)
    BackupBody backUp(
            @PathVariable DatabaseId id, @RequestParam(required = false) @Nullable String verify, Actor actor) {
        Input input = new Input();
        Boolean proof = input.optional(
                "verify",
                blankToNull(verify),
                word -> Optional.of(word)
                        .filter(Set.of("true", "false")::contains)
                        .map(Boolean::valueOf),
                "must be true or false");
        input.check();
        return new BackupBody(
                backups.backUp(id, Boolean.TRUE.equals(proof), actor).toString(), "Backup started", "in_progress");
    }

    @PostMapping("/{id}/restore")
    MessageBody restore(@PathVariable DatabaseId id, @RequestBody RestoreRequest request, Actor actor) {
        catalog.get(id, actor);
        Input input = new Input();
        Instant time = DatabaseOrders.time(request.targetTime(), input);
        String backup = request.backupId();
        if (backup == null && request.targetTime() == null) {
            input.refuse("backup_id", "is required");
        }
        input.check();
        if (time != null) {
            points.refresh(id);
        }
        boolean named = backup != null && (time == null || !NEWEST.equals(backup));
        backups.restore(id, named ? DatabaseOrders.backup(Objects.requireNonNull(backup)) : null, time, actor);
        return new MessageBody("Restore started; the present state is kept until the restored one answered");
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** @param version like what follows not in the contract's original */
    record CreateDatabaseRequest(
            @Nullable String name,
            @Nullable String type,
            @Nullable String plan,
            @Nullable String region,
            @Nullable String version,
            @Nullable String projectId,
            @Nullable String backupId,
            @Nullable String targetTime,
            @Nullable List<@Nullable String> allowedNetworks) {}

    /** @param allowedNetworks not in the contract's original */
    record UpdateDatabaseRequest(
            @Nullable String name,
            @Nullable String plan,
            @Nullable List<@Nullable String> allowedNetworks) {}

    record ActionRequest(@Nullable String action) {}

    /** @param targetTime not in the contract's original */
    record RestoreRequest(
            @Nullable String backupId, @Nullable String targetTime) {}

    record CreatedBody(String id, String message, String status) {}

    record BackupBody(String backupId, String message, String status) {}

    record ActionBody(String message, String status) {}

    record MessageBody(String message) {}

    record DatabasesBody(List<DatabaseBody> databases, Pagination pagination) {}

    record Pagination(int page, int limit, long total, long totalPages) {}
}
