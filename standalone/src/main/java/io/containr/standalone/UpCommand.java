package io.containr.standalone;

import io.containr.local.ChildProcess;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts what does not run, and returns when all of it is healthy. */
@Command(name = "up", description = "Start the platform.", mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private PlatformOptions options = new PlatformOptions();

    @Option(
            names = "--ports",
            defaultValue = "default",
            description = "'default' or 'free' ports; kept from the first start on.")
    private String ports = "default";

    /** The command with these options, without a command line around it. */
    static UpCommand of(String... options) {
        return CommandLine.populateCommand(new UpCommand(), options);
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Home home = Home.find();
        home.create();
        Layout layout = Layout.of(home, ports.equals("free"));
        up(home, layout, out);
        out.println();
        out.println("Containr is up: http://localhost:" + layout.port("gateway") + "/docs");
        out.flush();
        return 0;
    }

    void up(Home home, Layout layout, PrintWriter out) throws InterruptedException {
        Programs programs = new Programs(home);
        Optional<ChildProcess> platform = programs.find(Programs.PLATFORM);
        Optional<ChildProcess> gateway = programs.find(Programs.GATEWAY);
        if (platform.isEmpty()) {
            refuseForeignPorts(home, layout, gateway.isPresent());
        } else {
            String missing = options.missingFrom(programs.platformOptions());
            if (!missing.isEmpty()) {
                throw new CommandFailedException(
                        "the platform runs already, without " + missing + "; stop it first: ./containr down");
            }
        }
        if (gateway.isEmpty()) {
            programs.startGateway(layout, options.bindAddress(), options.classCache());
        }
        Progress progress = new Progress(home, out);
        if (platform.isEmpty()) {
            progress.reset();
            ChildProcess started = programs.startPlatform(options.arguments(), options.classCache());
            progress.follow(started, PATIENCE);
        }
        new Health(layout).await(out, Duration.ofSeconds(60));
    }

    void allowPrivateGit(String host) {
        options.allowPrivateGit(host);
    }

    void offerLocalPostgresql() {
        options.offerLocalPostgresql();
    }

    void useFreePorts() {
        ports = "free";
    }

    boolean wantsFreePorts() {
        return ports.equals("free");
    }

    private static void refuseForeignPorts(Home home, Layout layout, boolean gatewayRuns) {
        for (Map.Entry<String, Integer> port : layout.allPorts().entrySet()) {
            if (gatewayRuns && port.getKey().startsWith("gateway")) {
                continue;
            }
            Optional<PortOwner.Owner> owner = PortOwner.of(port.getValue());
            if (owner.isPresent() && !Orphans.of(home).contains(owner.get().pid())) {
                throw new CommandFailedException(
                        "port %d (%s) is taken by process %d (%s); end it, or change the port in %s"
                                .formatted(
                                        port.getValue(),
                                        port.getKey(),
                                        owner.get().pid(),
                                        owner.get().command(),
                                        home.directory("layout.properties")));
            }
        }
    }
}
