package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import java.util.Optional;
import java.util.Set;

/** Tells a guest's {@code ostype} from its {@code /etc/os-release}, as Proxmox does where the caller did not say. */
final class OperatingSystem {

    private static final Set<String> KNOWN = Set.of(
            "debian", "devuan", "ubuntu", "centos", "fedora", "opensuse", "archlinux", "alpine", "gentoo", "nixos");

    private OperatingSystem() {}

    /** Fails for a system that names itself but is unknown; {@code unmanaged} where nothing is named. */
    static String detect(Optional<String> release) {
        Optional<String> id = release.stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("ID="))
                .map(line ->
                        line.substring(3).replace("\"", "").replace("'", "").strip())
                .findFirst();
        if (id.isEmpty()) {
            return "unmanaged";
        }
        String name = id.get().equals("arch") ? "archlinux" : id.get().replaceFirst("^opensuse-.*", "opensuse");
        if (!KNOWN.contains(name)) {
            throw ApiException.failed("unable to detect OS distribution");
        }
        return name;
    }
}
