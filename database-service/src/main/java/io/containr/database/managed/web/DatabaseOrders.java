package io.containr.database.managed.web;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ProjectId;
import io.containr.database.DatabaseProperties;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Engine;
import io.containr.database.catalogue.Plan;
import io.containr.database.managed.DatabaseCatalog.Order;
import io.containr.database.managed.web.DatabaseController.CreateDatabaseRequest;
import io.containr.runtime.web.ApiException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes an order of a request, or says everything that is wrong with it. */
@Component
class DatabaseOrders {

    static final String NAME_RULE =
            "must have 1 to 63 characters, start with a letter or digit and may contain a-z, A-Z, 0-9, hyphen, underscore and space";

    private static final String TARGET_TIME = "target_time";

    /** Where an installation knows none, and places databases freely. */
    private static final String ANY_REGION = "default";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_ -]{0,62}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final Catalogue catalogue;
    private final List<String> regions;

    DatabaseOrders(Catalogue catalogue, DatabaseProperties properties) {
        this.catalogue = catalogue;
        this.regions = properties.regions();
    }

    /** Of an empty database, with a plan and a region where the request names none. */
    CreateDatabaseRequest completed(CreateDatabaseRequest request) {
        return new CreateDatabaseRequest(
                request.name(),
                request.type(),
                request.plan() == null ? Plan.values()[0].word() : request.plan(),
                request.region() == null ? (regions.isEmpty() ? ANY_REGION : regions.getFirst()) : request.region(),
                request.version(),
                request.projectId(),
                null,
                null,
                request.allowedNetworks());
    }

    Order order(CreateDatabaseRequest request) {
        Input input = new Input();
        String name = input.required("name", request.name(), DatabaseOrders::name, NAME_RULE);
        DatabaseType type =
                input.required("type", request.type(), DatabaseType::of, "must be one of " + DatabaseType.words());
        Plan plan = input.required("plan", request.plan(), Plan::of, "must be one of " + Plan.words());
        String region = input.required("region", request.region(), this::region, regionRule());
        ProjectId project = input.optional(
                "project_id", request.projectId(), DatabaseOrders::project, "must be the id of a project");
        BackupId backup =
                input.optional("backup_id", request.backupId(), DatabaseOrders::backupId, "must be the id of a backup");
        Instant time = time(request.targetTime(), input);
        if (request.targetTime() != null && request.backupId() == null) {
            input.refuse(TARGET_TIME, "needs a backup_id to go on from");
        }
        List<String> networks = AllowedNetworks.read(request.allowedNetworks(), input);
        String version = request.version();
        if (type != null && request.backupId() == null) {
            Engine engine = catalogue.engine(type);
            version = input.optional(
                    "version",
                    request.version(),
                    word -> engine.version(word).map(Engine.Version::version),
                    "must be one of "
                            + engine.versions().stream()
                                    .map(Engine.Version::version)
                                    .collect(Collectors.joining(", ")));
        }
        input.check();
        return new Order(
                Objects.requireNonNull(name),
                Objects.requireNonNull(type),
                version,
                Objects.requireNonNull(plan),
                Objects.requireNonNull(region),
                project,
                Objects.requireNonNullElse(networks, List.of()),
                backup,
                time);
    }

    /** To the precision of the engines' clocks. */
    static @Nullable Instant time(@Nullable String text, Input input) {
        return input.optional(
                TARGET_TIME, text, DatabaseOrders::time, "must be a time with its offset, like 2026-01-02T03:04:05Z");
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static Optional<String> name(String text) {
        return Optional.of(text.strip()).filter(name -> NAME.matcher(name).matches());
    }

    static Optional<ProjectId> project(String text) {
        try {
            return Optional.of(ProjectId.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @throws ApiException NOT_FOUND for what is no id */
    static BackupId backup(String text) {
        return backupId(text).orElseThrow(() -> ApiException.notFound("Backup"));
    }

    private static Optional<BackupId> backupId(String text) {
        try {
            return Optional.of(BackupId.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> region(String text) {
        return Optional.of(text)
                .filter(region -> REGION.matcher(region).matches())
                .filter(region -> regions.isEmpty() || regions.contains(region));
    }

    private String regionRule() {
        return regions.isEmpty()
                ? "must be the name of a region: lower-case letters, digits and hyphens"
                : "must be one of " + String.join(", ", regions);
    }
}
