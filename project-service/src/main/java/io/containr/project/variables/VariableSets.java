package io.containr.project.variables;

import io.containr.contracts.Sealed;
import io.containr.project.input.Problems;
import io.containr.project.input.VariableRules;
import io.containr.project.variables.VariableVault.Purpose;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sets of variables as users replace and see them. The secret ones can be set, kept and removed, and never read back. */
@Component
public class VariableSets {

    public static final String FIELD = "variables";

    private final VariableVault vault;

    VariableSets(VariableVault vault) {
        this.vault = vault;
    }

    /**
     * What takes the place of a set.
     *
     * @param further notes what else is wrong with the values
     * @throws io.containr.runtime.web.ApiException VALIDATION naming every problem
     */
    public Map<String, Variable> replace(
            Purpose purpose,
            Map<String, Variable> before,
            Map<String, VariableInput> wanted,
            BiConsumer<Problems, Map<String, String>> further) {
        Problems problems = new Problems();
        Map<String, String> values = new TreeMap<>();
        wanted.forEach((name, input) -> {
            String value = value(purpose, name, before.get(name), input);
            if (value == null) {
                problems.add(FIELD + "." + name + ".value", "is required");
            } else {
                values.put(name, value);
            }
        });
        VariableRules.check(problems, FIELD, values);
        further.accept(problems, values);
        problems.throwIfAny();
        Map<String, Variable> replaced = new HashMap<>();
        values.forEach((name, value) ->
                replaced.put(name, variable(purpose, name, before.get(name), value, wanted.get(name))));
        return replaced;
    }

    public Map<String, VariableView> view(Purpose purpose, Map<String, Variable> variables) {
        Map<String, VariableView> views = new TreeMap<>();
        variables.forEach((name, variable) -> views.put(
                name,
                new VariableView(
                        variable.secret() ? null : vault.open(purpose, name, variable.value()), variable.secret())));
        return views;
    }

    private Variable variable(
            Purpose purpose, String name, @Nullable Variable before, String value, @Nullable VariableInput input) {
        Sealed sealed = before == null ? null : before.value();
        boolean secret = before != null && before.secret();
        return new Variable(
                vault.seal(purpose, name, value, sealed),
                Objects.requireNonNullElse(input == null ? null : input.secret(), secret));
    }

    private @Nullable String value(Purpose purpose, String name, @Nullable Variable before, VariableInput input) {
        if (input.value() != null || before == null) {
            return input.value();
        }
        boolean staysSecret = before.secret() && !Boolean.FALSE.equals(input.secret());
        return staysSecret ? vault.open(purpose, name, before.value()) : null;
    }
}
