package io.containr.bench.agent;

import io.containr.agent.AgentServiceApplication;
import io.containr.local.ChildProcess;
import io.containr.standalone.ServiceCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The agent as {@code up --processes --class-cache} runs it; the first one that ends makes the cache. */
final class AgentProcess implements AutoCloseable {

    /** Enough for making a class cache. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    private final ChildProcess process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Ending ending;

    private AgentProcess(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
        this.ending = Ending.by(() -> process.stop(GRACE));
    }

    /** Returns when it is ready. */
    static AgentProcess start(Path root, Path home, int port, Map<String, String> settings) throws IOException {
        ServiceCommand command =
                ServiceCommand.of(root, home, "proxmox-agent", AgentServiceApplication.class, settings, true);
        ChildProcess process = ChildProcess.start(
                "agent", home.resolve("run"), command.line(), command.environment(), home.resolve("agent.log"));
        AgentProcess agent = new AgentProcess(process, port);
        Awaitility.await("the agent is ready, see " + home.resolve("agent.log"))
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .failFast("the agent ended", () -> !process.isAlive())
                .until(agent::ready);
        return agent;
    }

    private boolean ready() throws InterruptedException {
        try {
            return get("/actuator/health/readiness").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Processor time so far, of all its threads. */
    double cpuSeconds() {
        return ProcessHandle.of(process.pid())
                        .flatMap(handle -> handle.info().totalCpuDuration())
                        .orElseThrow()
                        .toMillis()
                / 1e3;
    }

    /** How often it has asked the cluster for all nodes and guests. */
    double looks() throws IOException, InterruptedException {
        return metric("containr_proxmox_calls_seconds_count\\{[^}]*call=\"cluster\"[^}]*}");
    }

    /** The sum of all series that fit. */
    private double metric(String series) throws IOException, InterruptedException {
        Pattern line = Pattern.compile("(?m)^" + series + " (\\S+)$");
        return line.matcher(get("/actuator/prometheus").body())
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    /** Resident and live memory in MB, after its garbage is gone. */
    Memory memory() throws IOException, InterruptedException {
        for (int time = 0; time < 2; time++) {
            Process collected = new ProcessBuilder(
                            JAVA.resolve("jcmd").toString(), Long.toString(process.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(true)
                    .start();
            if (collected.waitFor() != 0) {
                throw new IOException("the agent's garbage is not collected");
            }
        }
        double heap = metric("jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}") / 1e6;
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            double resident = lines.filter(text -> text.startsWith("VmRSS:"))
                    .mapToDouble(text -> Double.parseDouble(text.replaceAll("[^0-9]", "")))
                    .sum();
            return new Memory(resident * 1024 / 1e6, heap);
        }
    }

    record Memory(double residentMb, double heapMb) {}

    @Override
    public void close() throws Exception {
        ending.close();
        client.close();
    }
}
