package io.containr.project.variables;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceKind;
import java.util.Map;

/**
 * A service as values may refer to it.
 *
 * @param values what its application is given, sealed for it
 */
public record ServiceSet(ServiceId service, String name, ServiceKind kind, Map<String, Sealed> values) {

    public ServiceSet {
        values = Map.copyOf(values);
    }
}
