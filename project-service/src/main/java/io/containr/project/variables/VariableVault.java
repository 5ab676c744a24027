package io.containr.project.variables;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals variables, each for its owner and name. A value that stays the same stays sealed as it is. */
@Component
public class VariableVault {

    private final SecretBox box;

    VariableVault(SecretBox box) {
        this.box = box;
    }

    /** What a value is bound to, by the name of its variable. */
    public interface Purpose {
        String of(String name);

        static Purpose service(ServiceId service) {
            return name -> ServiceSpec.sealedFor(service, name);
        }
    }

    public Sealed seal(Purpose purpose, String name, String value, @Nullable Sealed before) {
        if (before != null && open(purpose, name, before).equals(value)) {
            return before;
        }
        return box.seal(value, purpose.of(name));
    }

    public Map<String, Sealed> seal(ServiceId service, Map<String, String> values, Map<String, Sealed> before) {
        Map<String, Sealed> sealed = new HashMap<>();
        values.forEach(
                (name, value) -> sealed.put(name, seal(Purpose.service(service), name, value, before.get(name))));
        return sealed;
    }

    public String open(Purpose purpose, String name, Sealed value) {
        return box.open(value, purpose.of(name));
    }

    /** In the order of their names. */
    public Map<String, String> open(ServiceId service, Map<String, Sealed> values) {
        Map<String, String> opened = new TreeMap<>();
        values.forEach((name, value) -> opened.put(name, open(Purpose.service(service), name, value)));
        return opened;
    }
}
