package io.containr.simulator.filter;

import io.containr.simulator.program.Programs;
import io.containr.simulator.program.Programs.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The machine's {@code iptables}, by argument lists. */
final class Iptables {

    /** Where others hold its lock. */
    private static final String WAIT_SECONDS = "10";

    private final Path iptables;
    private final Path restore;
    private final Path save;

    private Iptables(Path iptables, Path restore, Path save) {
        this.iptables = iptables;
        this.restore = restore;
        this.save = save;
    }

    /** Empty where the machine has none. */
    static Optional<Iptables> find() {
        return Programs.find("iptables")
                .flatMap(iptables -> Programs.find("iptables-restore")
                        .flatMap(restore ->
                                Programs.find("iptables-save").map(save -> new Iptables(iptables, restore, save))));
    }

    Ended run(String table, String... arguments) {
        List<String> command = new ArrayList<>(List.of(iptables.toString(), "-w", WAIT_SECONDS, "-t", table));
        command.addAll(List.of(arguments));
        return Programs.run(command, "");
    }

    /** Everything that is in force, as {@link #restore} would take it. */
    Ended save() {
        return Programs.run(List.of(save.toString()), "");
    }

    /** Replaces the chains that the text names, and nothing else, table by table all at once. */
    Ended restore(String text) {
        return Programs.run(List.of(restore.toString(), "-w", WAIT_SECONDS, "--noflush"), text);
    }
}
