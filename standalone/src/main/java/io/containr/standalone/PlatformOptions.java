package io.containr.standalone;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What {@code up} is asked for and hands on to the platform's own process. */
final class PlatformOptions {

    @Option(names = "--bind", defaultValue = "127.0.0.1", description = "Address of the gateway (${DEFAULT-VALUE}).")
    private String bindAddress = "127.0.0.1";

    @Option(
            names = "--allow-private-git",
            split = ",",
            description = "Private hosts that repositories may be fetched from.")
    private List<String> privateGitHosts = new ArrayList<>();

    @Option(
            names = "--allow-private-registry",
            split = ",",
            description = "Registries (HOST or HOST:PORT) on private addresses that images may come from; "
                    + "over plain HTTP where they have no TLS.")
    private List<String> privateRegistries = new ArrayList<>();

    @Option(
            names = "--realistic-delays",
            description = "Let the simulated nodes take as long for each task as real ones.")
    private boolean realisticDelays;

    @Option(names = "--processes", description = "Run each service as a process of its own; takes more memory.")
    private boolean processes;

    @Option(
            names = "--local-postgresql",
            description = "Offer a PostgreSQL of this machine's Debian packages beside the official images.")
    private boolean localPostgresql;

    @Option(
            names = "--class-cache",
            description =
                    "Make a cache of classes when the programs end, unless there is one: their next starts are quicker.")
    private boolean classCache;

    String bindAddress() {
        return bindAddress;
    }

    List<String> privateGitHosts() {
        return privateGitHosts;
    }

    List<String> privateRegistries() {
        return privateRegistries;
    }

    boolean realisticDelays() {
        return realisticDelays;
    }

    /** Whether each service is a process of its own. */
    boolean processes() {
        return processes;
    }

    /** Whether there is a PostgreSQL of this machine's packages among the versions of databases. */
    boolean localPostgresql() {
        return localPostgresql;
    }

    /** Whether the programs make a cache of their classes when they end, which then takes longer. */
    boolean classCache() {
        return classCache;
    }

    void offerLocalPostgresql() {
        localPostgresql = true;
    }

    void allowPrivateGit(String host) {
        privateGitHosts.add(host);
    }

    /** What is asked for here and was not when the platform was started that way; empty where that one will do. */
    String missingFrom(List<String> started) {
        PlatformOptions running = CommandLine.populateCommand(new PlatformOptions(), started.toArray(String[]::new));
        List<String> missing = new ArrayList<>();
        if (!running.bindAddress.equals(bindAddress)) {
            missing.add("--bind " + bindAddress);
        }
        privateGitHosts.stream()
                .filter(host -> !running.privateGitHosts.contains(host))
                .forEach(host -> missing.add("--allow-private-git " + host));
        privateRegistries.stream()
                .filter(registry -> !running.privateRegistries.contains(registry))
                .forEach(registry -> missing.add("--allow-private-registry " + registry));
        if (realisticDelays && !running.realisticDelays) {
            missing.add("--realistic-delays");
        }
        if (processes && !running.processes) {
            missing.add("--processes");
        }
        if (localPostgresql && !running.localPostgresql) {
            missing.add("--local-postgresql");
        }
        return String.join(" ", missing);
    }

    /** The same as a command line. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--bind", bindAddress));
        privateGitHosts.forEach(host -> arguments.addAll(List.of("--allow-private-git", host)));
        privateRegistries.forEach(registry -> arguments.addAll(List.of("--allow-private-registry", registry)));
        if (realisticDelays) {
            arguments.add("--realistic-delays");
        }
        if (processes) {
            arguments.add("--processes");
        }
        if (localPostgresql) {
            arguments.add("--local-postgresql");
        }
        if (classCache) {
            arguments.add("--class-cache");
        }
        return arguments;
    }
}
