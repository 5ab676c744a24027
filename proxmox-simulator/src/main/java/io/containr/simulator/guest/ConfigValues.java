package io.containr.simulator.guest;

import io.containr.simulator.api.Call;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Brings option values into the form Proxmox stores them in. */
final class ConfigValues {

    private static final Set<String> BOOLEANS =
            Set.of("onboot", "template", "console", "protection", "debug", "unprivileged");

    private ConfigValues() {}

    static String normal(String key, String value) {
        if (key.equals("tags")) {
            return Arrays.stream(value.split("[,;\\s\\x00]+"))
                    .filter(tag -> !tag.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new))
                    .stream()
                    .collect(Collectors.joining(";"));
        }
        if (NetworkDevice.named(key)) {
            return NetworkDevice.parse(value).completed().toString();
        }
        if (BOOLEANS.contains(key)) {
            return Call.isTrue(value) ? "1" : "0";
        }
        return value;
    }
}
