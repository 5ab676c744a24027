package io.containr.simulator.engine;

import java.util.HashMap;
import java.util.Map;

/** Marks everything a simulator makes in the engine, so that several can share it. */
final class Labels {

    static final String INSTANCE = "containr.simulator";
    static final String VMID = "containr.simulator.vmid";
    static final String LAUNCH = "containr.simulator.launch";

    private Labels() {}

    static Map<String, String> of(String instance, String... more) {
        Map<String, String> labels = new HashMap<>();
        labels.put(INSTANCE, instance);
        for (int i = 0; i + 1 < more.length; i += 2) {
            labels.put(more[i], more[i + 1]);
        }
        return labels;
    }
}
