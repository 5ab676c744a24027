package io.containr.database.managed.web;

import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.PlanSize;
import io.containr.database.engine.Figures;
import io.containr.database.managed.Database;
import io.containr.database.managed.Measurements;
import io.containr.database.managed.Measurements.Guest;
import io.containr.database.managed.Measurements.Latest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How much of its plan a database uses. */
@Component
class MetricsViews {

    private static final double HUNDRED = 100;

    private final Measurements measurements;
    private final Catalogue catalogue;

    MetricsViews(Measurements measurements, Catalogue catalogue) {
        this.measurements = measurements;
        this.catalogue = catalogue;
    }

    /** Null where nothing is known. */
    DatabaseBody.@Nullable Metrics of(Database database) {
        return measurements
                .of(database)
                .map(latest -> shown(latest, catalogue.size(database.plan())))
                .orElse(null);
    }

    private static DatabaseBody.Metrics shown(Latest latest, PlanSize plan) {
        Guest guest = latest.guest();
        Figures engine = latest.engine();
        Long stored = engine.storedBytes();
        return new DatabaseBody.Metrics(
                guest == null ? null : percent(guest.cpus(), plan.cpu().doubleValue()),
                guest == null
                        ? null
                        : percent(guest.memoryBytes(), plan.memory().toBytes()),
                stored == null ? null : percent(stored, plan.disk().toBytes()),
                engine.connections(),
                guest == null ? null : rounded(guest.networkIn()),
                guest == null ? null : rounded(guest.networkOut()),
                guest == null ? null : rounded(guest.diskRead()),
                guest == null ? null : rounded(guest.diskWrite()),
                guest == null ? null : guest.memoryBytes(),
                stored,
                guest == null ? null : guest.measuredAt());
    }

    private static double percent(double part, double whole) {
        return Math.round(part / whole * HUNDRED * HUNDRED) / HUNDRED;
    }

    private static @Nullable Double rounded(@Nullable Double value) {
        return value == null ? null : Math.round(value * HUNDRED) / HUNDRED;
    }
}
