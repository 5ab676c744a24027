package io.containr.proxmox;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Empties a node before its maintenance, and says what is left there; exits with 1 where it was not empty in time. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = "Empty a node: nothing new is placed there, and what has no volume there moves to other nodes.")
final class DrainCommand implements Callable<Integer> {

    private static final long LOOK_SECONDS = 1;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private AgentOptions agent = new AgentOptions();

    @Parameters(paramLabel = "NODE", description = "its name in the cluster")
    @SuppressWarnings("NullAway.Init")
    private String node;

    @Option(
            names = "--wait",
            defaultValue = "PT10M",
            description = "how long to wait until it is empty (${DEFAULT-VALUE}); PT0S: not at all")
    private Duration wait = Duration.ofMinutes(10);

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode seen = agent.node("POST", node);
        out.println(node + " takes no new guests");
        long begin = System.nanoTime();
        long left = -1;
        while (true) {
            long moving =
                    instances(seen, "MOVES").size() + instances(seen, "GOES").size();
            if (moving != left) {
                out.println(moving == 0 ? "nothing is left to move" : "left to move: " + moving);
                out.flush();
                left = moving;
            }
            if (moving == 0 || System.nanoTime() - begin >= wait.toNanos()) {
                break;
            }
            TimeUnit.SECONDS.sleep(LOOK_SECONDS);
            seen = agent.node("GET", node);
        }
        report(seen, out);
        return left == 0 ? 0 : 1;
    }

    private void report(JsonNode seen, PrintWriter out) {
        say(out, instances(seen, "MOVES"), "still moves");
        say(out, instances(seen, "VOLUME"), "stays: its volume is there");
        say(out, instances(seen, "RUN"), "ends by itself: it runs once");
        int volumes = seen.path("volumes").asInt();
        if (volumes > 0) {
            out.println("volumes on " + node + ": " + volumes + "; they stay, and are unavailable while it is off");
        }
        out.println("'proxmox undrain " + node + "' gives it guests again");
        out.flush();
    }

    private static void say(PrintWriter out, List<JsonNode> instances, String what) {
        instances.forEach(
                instance -> out.println("guest " + instance.path("guest").asInt() + " of service "
                        + instance.path("service").asString() + " " + what));
    }

    private static List<JsonNode> instances(JsonNode seen, String stay) {
        return seen.path("instances")
                .valueStream()
                .filter(instance -> instance.path("stay").asString().equals(stay))
                .toList();
    }
}
