package io.containr.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's {@code wrk}: one thread that asks for one page over so many connections, as fast as answers come. */
final class Wrk {

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern LATENCY = Pattern.compile("(?m)^\\s+(50|99)%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)|Socket errors: (.*)");

    private Wrk() {}

    /** Requests a second, and latencies in milliseconds. */
    record Result(double perSecond, double p50, double p99) {}

    /** Warms up for a moment, then measures; any answer but a good one fails. */
    static Result run(String url, String token, int connections, int seconds) throws IOException, InterruptedException {
        once(url, token, connections, 2);
        return once(url, token, connections, seconds);
    }

    private static Result once(String url, String token, int connections, int seconds)
            throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(List.of(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--latency",
                        "-H",
                        "Authorization: Bearer " + token,
                        url))
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher bad = BAD.matcher(output);
        if (wrk.waitFor() != 0 || bad.find()) {
            throw new IOException("wrk " + url + ":\n" + output);
        }
        Matcher rate = RATE.matcher(output);
        if (!rate.find()) {
            throw new IOException("wrk says no rate:\n" + output);
        }
        double p50 = 0;
        double p99 = 0;
        Matcher latency = LATENCY.matcher(output);
        while (latency.find()) {
            double millis = Double.parseDouble(latency.group(2))
                    * switch (latency.group(3)) {
                        case "us" -> 0.001;
                        case "ms" -> 1;
                        default -> 1000;
                    };
            if (latency.group(1).equals("50")) {
                p50 = millis;
            } else {
                p99 = millis;
            }
        }
        return new Result(Double.parseDouble(rate.group(1)), p50, p99);
    }
}
