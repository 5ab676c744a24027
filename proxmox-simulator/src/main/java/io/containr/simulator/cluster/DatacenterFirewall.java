package io.containr.simulator.cluster;

import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.state.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Options of the whole datacenter's firewall: kept and shown, without effect. Off at first, as on a new cluster. */
final class DatacenterFirewall {

    private static final String PATH = "/cluster/firewall/options";
    private static final Set<String> NUMBERS = Set.of("enable", "ebtables");

    private record Options(Map<String, String> values) {}

    private final JsonFile<Options> file;

    DatacenterFirewall(Path directory) {
        file = new JsonFile<>(directory.resolve("firewall.json"), Options.class);
    }

    void addTo(Router router) {
        router.add("GET " + PATH, _ -> shown()).add("PUT " + PATH, this::change);
    }

    private synchronized Map<String, String> options() {
        return new TreeMap<>(file.read().map(Options::values).orElse(Map.of()));
    }

    private Object shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        options().forEach((name, value) -> shown.put(name, NUMBERS.contains(name) ? Integer.valueOf(value) : value));
        return shown;
    }

    private synchronized @Nullable Object change(Call call) {
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
        return null;
    }
}
