package io.containr.project.variables;

import io.containr.project.input.Problems;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body that replaces a set of variables: by name, a value, or an object of {@code value} and {@code secret}. */
public final class VariableBody {

    private VariableBody() {}

    /** @throws io.containr.runtime.web.ApiException VALIDATION naming every problem */
    public static Map<String, VariableInput> read(Map<String, JsonNode> body) {
        Problems problems = new Problems();
        Map<String, VariableInput> inputs = new HashMap<>();
        body.forEach((name, node) -> inputs.put(name, input(problems, VariableSets.FIELD + "." + name, node)));
        problems.throwIfAny();
        return inputs;
    }

    private static VariableInput input(Problems problems, String field, JsonNode node) {
        if (!node.isObject()) {
            return new VariableInput(scalar(problems, field, node), null);
        }
        JsonNode secret = node.path("secret");
        if (!secret.isMissingNode() && !secret.isNull() && !secret.isBoolean()) {
            problems.add(field + ".secret", "must be true or false");
        }
        JsonNode value = node.path("value");
        return new VariableInput(
                value.isMissingNode() || value.isNull() ? null : scalar(problems, field + ".value", value),
                secret.isBoolean() ? secret.booleanValue() : null);
    }

    private static @Nullable String scalar(Problems problems, String field, JsonNode node) {
        if (node.isValueNode() && !node.isNull()) {
            return node.asString();
        }
        problems.add(field, "must be a text");
        return null;
    }
}
