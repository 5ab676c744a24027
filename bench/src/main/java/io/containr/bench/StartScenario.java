package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** How long the platform takes to be healthy on a machine that it ran on before, and how much memory it keeps. */
final class StartScenario implements Scenario {

    private static final int STARTS = 3;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String title() {
        return "Start, and memory";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        world.installation().down();
        world.forgetClasses();
        Table table = report.table(
                "`up` after `down`, until everything is healthy", "class cache", "starts", "median s", "longest s");
        Times without = starts(world);
        table.row("none", STARTS, without.median() / 1e3, without.max() / 1e3);
        world.restart("--class-cache");
        Times end = new Times();
        end.measure(() -> {
            world.installation().down();
            return null;
        });
        Times with = starts(world);
        table.row("made by `up --class-cache` once", STARTS, with.median() / 1e3, with.max() / 1e3);
        report.table("`down` that makes the class cache, once for a build", "s").row(end.max() / 1e3);
        report.atMost("`up` on a prepared machine, with a class cache", with.median() / 1e3, 30, "s");

        ApiClient api = world.user();
        try (SampleRepository repository = world.repository(Map.of())) {
            world.deployed(api, world.deploy(api, world.service(api, repository)));
        }
        Table memory = report.table(
                "Memory after a deployment (what processes share counts once in the second column)",
                "process",
                "resident MB",
                "proportional MB");
        double resident = 0;
        double proportional = 0;
        for (Map.Entry<String, ProcessHandle> process :
                world.installation().processes().entrySet()) {
            double rss = 0;
            double pss = 0;
            for (ProcessHandle each : Stream.concat(
                            Stream.of(process.getValue()), process.getValue().descendants())
                    .toList()) {
                if (!belongsToAnother(each, process.getValue(), world)) {
                    rss += kilobytes(each, "Rss:") / 1024;
                    pss += kilobytes(each, "Pss:") / 1024;
                }
            }
            memory.row(process.getKey(), rss, pss);
            resident += rss;
            proportional += pss;
        }
        memory.row("all", resident, proportional);
        world.installation().down();
        world.forgetClasses();
        world.up();
        report.atMost("memory of everything but engine and guests", proportional / 1024, 1.8, "GB");
    }

    private static Times starts(World world) throws Exception {
        Times starts = new Times();
        for (int i = 0; i < STARTS; i++) {
            world.installation().down();
            starts.measure(() -> {
                world.up();
                return null;
            });
        }
        return starts;
    }

    /** The platform starts the others, so they are its descendants, with rows of their own. */
    private static boolean belongsToAnother(ProcessHandle process, ProcessHandle row, World world) {
        return !process.equals(row)
                && world.installation().processes().values().stream()
                        .filter(other -> !other.equals(row))
                        .anyMatch(other -> other.equals(process)
                                || (row.descendants().anyMatch(other::equals)
                                        && other.descendants().anyMatch(process::equals)));
    }

    private static double kilobytes(ProcessHandle process, String key) throws IOException {
        Path file = Path.of("/proc/" + process.pid() + "/smaps_rollup");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
