package io.containr.contracts.agent;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the guest of an instance with a volume used, as the hypervisor measured it; key is the service id. Told about once a minute while
 * the guest runs. Rates are bytes a second over the time since the measurement before, null where there is none.
 *
 * @param cpus in use, such as 0.25
 */
public record InstanceMeasured(
        InstanceId instance,
        ServiceId service,
        Instant measuredAt,
        double cpus,
        long memoryBytes,
        @Nullable Double networkIn,
        @Nullable Double networkOut,
        @Nullable Double diskRead,
        @Nullable Double diskWrite) {}
