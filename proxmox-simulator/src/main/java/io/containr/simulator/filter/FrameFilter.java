package io.containr.simulator.filter;

import io.containr.simulator.program.Programs;
import io.containr.simulator.program.Programs.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What iptables does not see: frames under another guest's hardware address, ARP in another's name, and IPv6, which guests do not
 * have. Its rules lie in one chain of the bridge's own, as those of {@link PacketFilter} do.
 */
final class FrameFilter {

    private static final List<String> ENTRANCES = List.of("INPUT", "FORWARD");

    private record Ebtables(Path ebtables, Path restore, Path save) {}

    private final String chain;
    private final Ebtables programs;
    private String inForce = "";

    private FrameFilter(String chain, Ebtables programs) {
        this.chain = chain;
        this.programs = programs;
    }

    /** Empty where the machine has no {@code ebtables}, or its kernel takes no rules of it. */
    static Optional<FrameFilter> of(String chain) {
        return Programs.find("ebtables")
                .flatMap(ebtables -> Programs.find("ebtables-restore")
                        .flatMap(restore -> Programs.find("ebtables-save")
                                .map(save -> new FrameFilter(chain, new Ebtables(ebtables, restore, save)))))
                .filter(found -> Programs.run(List.of(found.programs.save().toString()), "")
                        .well());
    }

    /** @param look whether somebody else may have changed what is in force */
    void apply(List<GuestFilter> guests, boolean look) {
        String text = text(guests);
        if (!look && text.equals(inForce)) {
            return;
        }
        PacketFilter.require(Programs.run(List.of(programs.restore().toString(), "--noflush"), text));
        inForce = text;
        if (look) {
            String present = saved();
            ENTRANCES.stream()
                    .filter(entrance -> !present.contains(jump("-A", entrance)))
                    .forEach(entrance -> run("-I", entrance, "-j", chain));
        }
    }

    private String text(List<GuestFilter> guests) {
        List<String> lines = new ArrayList<>(List.of("*filter", ":" + chain + " ACCEPT"));
        for (GuestFilter guest : guests) {
            String port = guest.port();
            if (port != null) {
                rules(port, guest, lines);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private void rules(String port, GuestFilter guest, List<String> lines) {
        @Nullable String mac = guest.mac();
        if (mac != null) {
            lines.add("-A " + chain + " -i " + port + " -s ! " + mac + " -j DROP");
        }
        if (guest.bound()) {
            lines.add("-A " + chain + " -p ARP -i " + port + " --arp-ip-src ! " + guest.address() + " -j DROP");
            lines.add("-A " + chain + " -p IPv6 -i " + port + " -j DROP");
        }
    }

    private String jump(String option, String entrance) {
        return option + " " + entrance + " -j " + chain;
    }

    private String saved() {
        Ended saved = Programs.run(List.of(programs.save().toString()), "");
        PacketFilter.require(saved);
        return saved.said();
    }

    /** Leaves nothing behind. */
    void remove() {
        String present = saved();
        ENTRANCES.stream()
                .filter(entrance -> present.contains(jump("-A", entrance)))
                .forEach(entrance -> run("-D", entrance, "-j", chain));
        if (present.contains(":" + chain + " ")) {
            run("-F", chain);
            run("-X", chain);
        }
        inForce = "";
    }

    private void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(programs.ebtables().toString(), "--concurrent", "-t", "filter"));
        command.addAll(List.of(arguments));
        PacketFilter.require(Programs.run(command, ""));
    }
}
