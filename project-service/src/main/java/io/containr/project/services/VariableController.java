package io.containr.project.services;

import io.containr.contracts.ids.ServiceId;
import io.containr.project.input.Problems;
import io.containr.runtime.security.Actor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1/services/{id}/variables")
class VariableController {

    private final ServiceVariables variables;

    VariableController(ServiceVariables variables) {
        this.variables = variables;
    }

    @GetMapping
    Map<String, VariableView> get(@PathVariable ServiceId id, Actor actor) {
        return variables.get(id, actor);
    }

    @PutMapping
    Map<String, VariableView> replace(
            @PathVariable ServiceId id, @RequestBody Map<String, JsonNode> body, Actor actor) {
        Problems problems = new Problems();
        Map<String, VariableInput> inputs = new HashMap<>();
        body.forEach((name, node) -> inputs.put(name, input(problems, "variables." + name, node)));
        problems.throwIfAny();
        return variables.replace(id, inputs, actor);
    }

    /** Either the value alone, or an object of {@code value} and {@code secret}, both optional. */
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
