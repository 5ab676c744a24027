package io.containr.project.services;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ServiceId;
import io.containr.project.input.Problems;
import io.containr.project.input.VariableRules;
import io.containr.runtime.security.Actor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The runtime variables of services. The secret ones can be set, kept and removed, and never read back. */
@Component
class ServiceVariables {

    private static final String FIELD = "variables";

    private final ServiceCatalog catalog;
    private final VariableVault vault;

    ServiceVariables(ServiceCatalog catalog, VariableVault vault) {
        this.catalog = catalog;
        this.vault = vault;
    }

    Map<String, VariableView> get(ServiceId id, Actor actor) {
        return view(catalog.get(id, actor));
    }

    /** Replaces all of them; those that are not named go. */
    @Transactional
    public Map<String, VariableView> replace(ServiceId id, Map<String, VariableInput> wanted, Actor actor) {
        return view(catalog.change(id, actor, service -> service.withVariables(merge(service, wanted))));
    }

    private Map<String, Variable> merge(Service service, Map<String, VariableInput> wanted) {
        Problems problems = new Problems();
        Map<String, String> values = new TreeMap<>();
        wanted.forEach((name, input) -> {
            String value = value(service, name, input);
            if (value == null) {
                problems.add(FIELD + "." + name + ".value", "is required");
            } else {
                values.put(name, value);
            }
        });
        VariableRules.check(problems, FIELD, values);
        problems.throwIfAny();
        Map<String, Variable> merged = new HashMap<>();
        wanted.forEach((name, input) -> {
            Variable before = service.variables().get(name);
            Sealed sealed = before == null ? null : before.value();
            boolean secret = before != null && before.secret();
            merged.put(
                    name,
                    new Variable(
                            vault.seal(service.id(), name, values.getOrDefault(name, ""), sealed),
                            Objects.requireNonNullElse(input.secret(), secret)));
        });
        return merged;
    }

    private @Nullable String value(Service service, String name, VariableInput input) {
        Variable before = service.variables().get(name);
        if (input.value() != null || before == null) {
            return input.value();
        }
        boolean staysSecret = before.secret() && !Boolean.FALSE.equals(input.secret());
        return staysSecret ? vault.open(service.id(), name, before.value()) : null;
    }

    private Map<String, VariableView> view(Service service) {
        Map<String, VariableView> views = new TreeMap<>();
        service.variables()
                .forEach((name, variable) -> views.put(
                        name,
                        new VariableView(
                                variable.secret() ? null : vault.open(service.id(), name, variable.value()),
                                variable.secret())));
        return views;
    }
}
