package io.containr.standalone;

import io.containr.local.ChildProcess;
import io.containr.local.LocalDocker;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops the platform; with {@code --all} the guests and a Docker engine of ours too. Data stay. */
@Command(name = "down", description = "Stop the platform.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    /** Enough for making a class cache on a busy machine. */
    private static final Duration GRACE = Duration.ofMinutes(4);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--all", description = "End applications too, and a Docker engine that was started by up.")
    private boolean all;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Home home = Home.find();
        home.create();
        Programs programs = new Programs(home);
        stop(programs.find(Programs.PLATFORM), Programs.PLATFORM, out);
        stop(programs.find(Programs.GATEWAY), Programs.GATEWAY, out);
        if (all) {
            Layout layout = Layout.of(home, false);
            LocalDocker docker = LocalDocker.ensure(home.directory("docker"));
            int guests = Guests.remove(docker, layout);
            out.println("  ✓ " + guests + " guests ended");
            docker.stopOwn();
        }
        out.println("Containr is down; its data stay in " + home.path());
        out.flush();
        return 0;
    }

    private static void stop(Optional<ChildProcess> process, String name, PrintWriter out) {
        process.ifPresent(running -> {
            running.stop(GRACE);
            out.println("  ✓ " + name + " stopped");
            out.flush();
        });
    }
}
