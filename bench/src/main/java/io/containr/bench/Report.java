package io.containr.bench;

import java.util.ArrayList;
import java.util.List;

/** What one scenario found. */
final class Report {

    private final List<Table> tables = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();

    /** Starts a table; cells are texts or numbers, a column's name says its unit. */
    Table table(String title, String... columns) {
        Table table = new Table(title, List.of(columns), new ArrayList<>());
        tables.add(table);
        return table;
    }

    /** A figure that must not be greater than wanted. */
    void atMost(String what, double measured, double wanted, String unit) {
        targets.add(new Target(what, measured, wanted, unit, measured <= wanted, "≤"));
    }

    /** A figure that must not be smaller than wanted. */
    void atLeast(String what, double measured, double wanted, String unit) {
        targets.add(new Target(what, measured, wanted, unit, measured >= wanted, "≥"));
    }

    Figures figures(Scenario scenario, Machine machine, String measuredAt) {
        return new Figures(
                scenario.name(), scenario.title(), measuredAt, machine, List.copyOf(tables), List.copyOf(targets));
    }

    /**
     * A table.
     *
     * @param rows a cell for each column
     */
    record Table(String title, List<String> columns, List<List<Object>> rows) {

        Table row(Object... cells) {
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
            }
            rows.add(List.of(cells));
            return this;
        }
    }

    /** A figure beside what it should be. */
    record Target(String what, double measured, double wanted, String unit, boolean met, String relation) {}

    /** All of one scenario, as it is kept. */
    record Figures(
            String scenario,
            String title,
            String measuredAt,
            Machine machine,
            List<Table> tables,
            List<Target> targets) {}
}
