package io.containr.simulator.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hears of guests that run in name only, where no engine runs them. */
public interface GuestListener {

    /** Whoever has nothing to do with them. */
    GuestListener NOBODY = new GuestListener() {
        @Override
        public void started(int vmid, Map<String, String> environment, @Nullable String address) {}

        @Override
        public void ended(int vmid) {}
    };

    /**
     * @param environment what its process would get
     * @param address its own, null where it has no fixed one
     */
    void started(int vmid, Map<String, String> environment, @Nullable String address);

    void ended(int vmid);
}
