package io.containr.project.services;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals the variables of services, each for its service and name. A value that stays the same stays sealed as it is. */
@Component
class VariableVault {

    private final SecretBox box;

    VariableVault(SecretBox box) {
        this.box = box;
    }

    Sealed seal(ServiceId service, String name, String value, @Nullable Sealed before) {
        if (before != null && open(service, name, before).equals(value)) {
            return before;
        }
        return box.seal(value, ServiceSpec.sealedFor(service, name));
    }

    Map<String, Sealed> seal(ServiceId service, Map<String, String> values, Map<String, Sealed> before) {
        Map<String, Sealed> sealed = new HashMap<>();
        values.forEach((name, value) -> sealed.put(name, seal(service, name, value, before.get(name))));
        return sealed;
    }

    String open(ServiceId service, String name, Sealed value) {
        return box.open(value, ServiceSpec.sealedFor(service, name));
    }

    /** In the order of their names. */
    Map<String, String> open(ServiceId service, Map<String, Sealed> values) {
        Map<String, String> opened = new TreeMap<>();
        values.forEach((name, value) -> opened.put(name, open(service, name, value)));
        return opened;
    }
}
