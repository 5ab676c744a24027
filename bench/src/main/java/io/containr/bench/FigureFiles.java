package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.bench.Report.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of all scenarios: a JSON file for each, replaced when it is run again, and one page made of all of them. What a
 * person has to say about a scenario's figures stands in NAME.notes.md beside them and is taken into the page.
 */
final class FigureFiles {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path directory;
    private final Path page;

    /** @param docs where {@code benchmarks.md} and the folder {@code benchmarks} lie */
    FigureFiles(Path docs) {
        this.directory = docs.resolve("benchmarks");
        this.page = docs.resolve("benchmarks.md");
    }

    void keep(Report.Figures figures) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(figures.scenario() + ".json"), JSON.writeValueAsString(figures) + "\n");
    }

    /** Writes the page anew from the files of these scenarios, in their order. */
    void writePage(List<Scenario> scenarios) throws IOException {
        StringBuilder text = new StringBuilder("""
                # Benchmarks

                Written by `./containr bench`; `./containr bench NAME…` measures some scenarios anew. The figures themselves lie in
                [benchmarks](benchmarks), with remarks beside them. Times are those of a client on the same machine, which takes its
                share of the cores.
                """);
        StringBuilder sections = new StringBuilder();
        text.append("\n| target | measured | wanted | |\n|---|---|---|---|\n");
        for (Scenario scenario : scenarios) {
            Path file = directory.resolve(scenario.name() + ".json");
            if (Files.exists(file)) {
                Report.Figures figures = JSON.readValue(Files.readString(file), Report.Figures.class);
                figures.targets().forEach(target -> text.append(line(target)));
                sections.append(section(figures));
            }
        }
        Files.writeString(page, text.append(sections).toString());
    }

    private String section(Report.Figures figures) throws IOException {
        Machine machine = figures.machine();
        StringBuilder text = new StringBuilder("\n## %s\n\n`%s`, %s, on %d × %s, %d MB, %s, Java %s.\n"
                .formatted(
                        figures.title(),
                        figures.scenario(),
                        figures.measuredAt(),
                        machine.cores(),
                        machine.processor(),
                        machine.memoryMegabytes(),
                        machine.system(),
                        machine.java()));
        for (Table table : figures.tables()) {
            text.append("\n").append(table.title()).append(":\n\n").append(markdown(table));
        }
        Path notes = directory.resolve(figures.scenario() + ".notes.md");
        if (Files.exists(notes)) {
            text.append("\n").append(Files.readString(notes).strip()).append("\n");
        }
        return text.toString();
    }

    static String markdown(Table table) {
        StringBuilder text = new StringBuilder();
        text.append("| ").append(String.join(" | ", table.columns())).append(" |\n");
        text.append("|---".repeat(table.columns().size())).append("|\n");
        for (List<Object> row : table.rows()) {
            text.append(row.stream().map(FigureFiles::cell).collect(Collectors.joining(" | ", "| ", " |\n")));
        }
        return text.toString();
    }

    static String line(Target target) {
        return "| %s | %s %s | %s %s | %s |\n"
                .formatted(
                        target.what(),
                        cell(target.measured()),
                        target.unit(),
                        target.relation(),
                        cell(target.wanted()),
                        target.met() ? "met" : "**missed** by " + cell(Math.abs(target.measured() - target.wanted())));
    }

    private static String cell(Object value) {
        if (value instanceof Number number) {
            double exact = number.doubleValue();
            return exact == Math.rint(exact) || Math.abs(exact) >= 100
                    ? String.format(Locale.ROOT, "%,.0f", exact)
                    : String.format(Locale.ROOT, exact < 10 ? "%.2f" : "%.1f", exact);
        }
        return String.valueOf(value);
    }
}
