package io.containr.simulator.cluster;

import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.state.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Options of the whole datacenter's firewall. Only whether it is on has an effect: without it, those of guests have none. */
public final class DatacenterFirewall {

    private static final String PATH = "/cluster/firewall/options";
    private static final Set<String> NUMBERS = Set.of("enable", "ebtables");

    private record Options(Map<String, String> values) {}

    private final JsonFile<Options> file;
    private volatile boolean enabled;

    /** @param on at first; on a new cluster it is off */
    public DatacenterFirewall(Path directory, boolean on) {
        file = new JsonFile<>(directory.resolve("firewall.json"), Options.class);
        if (on && file.read().isEmpty()) {
            file.write(new Options(Map.of("enable", "1")));
        }
        enabled = isOn(options());
    }

    /** @param changed told of every change */
    public void addTo(Router router, Runnable changed) {
        router.add("GET " + PATH, _ -> shown()).add("PUT " + PATH, call -> {
            change(call);
            changed.run();
            return null;
        });
    }

    public boolean enabled() {
        return enabled;
    }

    private static boolean isOn(Map<String, String> options) {
        return options.getOrDefault("enable", "0").equals("1");
    }

    private synchronized Map<String, String> options() {
        return new TreeMap<>(file.read().map(Options::values).orElse(Map.of()));
    }

    private Object shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        options().forEach((name, value) -> shown.put(name, NUMBERS.contains(name) ? Integer.valueOf(value) : value));
        return shown;
    }

    private synchronized void change(Call call) {
        Map<String, String> options = options();
        for (String name : call.text("delete", "").split("[,;\\s]+")) {
            options.remove(name);
        }
        for (String name : Set.of("enable", "ebtables", "policy_in", "policy_out", "policy_forward", "log_ratelimit")) {
            if (call.has(name)) {
                options.put(name, call.text(name));
            }
        }
        file.write(new Options(options));
        enabled = isOn(options);
    }
}
