package io.containr.bench;

import io.containr.standalone.demo.Browser;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./containr bench}: an installation of its own, the scenarios asked for, their tables and figures. */
@Command(name = "bench", description = "Measure the platform.", mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            description = "Which scenarios; all without any. 'list' names them, 'page' measures none.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--repetitions", defaultValue = "10", description = "Of each deployment (${DEFAULT-VALUE}).")
    private int repetitions = 10;

    @Option(
            names = "--guests",
            defaultValue = "1000",
            description = "Of the agent at first (${DEFAULT-VALUE}); it goes on to ten times as many.")
    private int guests = 1000;

    @Option(names = "--home", description = "Keeps the installation in this folder and leaves it there.")
    private @Nullable Path home;

    @Option(names = "--docs", description = "Where benchmarks.md is written; docs of the project without it.")
    private @Nullable Path docs;

    private final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        Browser.allowHostHeader();
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("containr.root", "."))
                .toAbsolutePath()
                .normalize();
        FigureFiles files = new FigureFiles(docs == null ? root.resolve("docs") : docs);
        if (names.contains("list")) {
            Scenarios.ALL.forEach(scenario -> out.printf("%-12s %s%n", scenario.name(), scenario.title()));
            return 0;
        }
        boolean failed = false;
        if (!names.contains("page")) {
            failed = run(Scenarios.named(names), files, root);
        }
        files.writePage(Scenarios.ALL);
        return failed ? 1 : 0;
    }

    /** A scenario that fails says so and does not keep the others from being measured. */
    private boolean run(List<Scenario> scenarios, FigureFiles files, Path root) throws Exception {
        boolean failed = false;
        Machine machine = Machine.here();
        try (World world = World.open(root, home, new World.Size(repetitions, guests), out)) {
            if (scenarios.stream().anyMatch(Scenario::needsPlatform)) {
                world.up();
            }
            for (Scenario scenario : scenarios) {
                out.printf("%n▸ %s (%s)%n", scenario.title(), scenario.name());
                long start = System.nanoTime();
                Report report = new Report();
                try {
                    scenario.run(world, report);
                } catch (Exception e) {
                    failed = true;
                    out.println("  FAILED after " + seconds(start));
                    e.printStackTrace(out);
                    continue;
                }
                Report.Figures figures = report.figures(
                        scenario,
                        machine,
                        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
                files.keep(figures);
                figures.tables()
                        .forEach(table -> out.println("\n" + table.title() + "\n" + FigureFiles.markdown(table)));
                figures.targets().forEach(target -> out.print(FigureFiles.line(target)));
                out.println("  took " + seconds(start));
            }
        }
        return failed;
    }

    private static String seconds(long start) {
        return "%.1f s".formatted((System.nanoTime() - start) / 1e9);
    }
}
