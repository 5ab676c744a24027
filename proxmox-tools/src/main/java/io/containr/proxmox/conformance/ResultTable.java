package io.containr.proxmox.conformance;

import java.util.List;
import java.util.Locale;

/** Results as text, a line each. */
public final class ResultTable {

    private static final int LONGEST = 160;

    private ResultTable() {}

    public static String line(Result result) {
        return "%-10s %-44s %-8s %8.2f s  %s"
                .formatted(
                        result.group(),
                        result.check(),
                        result.outcome().name().toLowerCase(Locale.ROOT),
                        result.took().toMillis() / 1000.0,
                        shorten(result.seen()));
    }

    public static String header() {
        return "%-10s %-44s %-8s %10s  %s".formatted("group", "check", "outcome", "took", "seen");
    }

    public static String summary(List<Result> results) {
        return "%d passed, %d skipped, %d failed"
                .formatted(
                        count(results, Result.Outcome.PASSED),
                        count(results, Result.Outcome.SKIPPED),
                        count(results, Result.Outcome.FAILED));
    }

    private static long count(List<Result> results, Result.Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private static String shorten(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
