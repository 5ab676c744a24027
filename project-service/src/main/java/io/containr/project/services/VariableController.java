package io.containr.project.services;

import io.containr.contracts.ids.ServiceId;
import io.containr.project.variables.VariableBody;
import io.containr.project.variables.VariableView;
import io.containr.runtime.security.Actor;
import java.util.Map;
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
        return variables.replace(id, VariableBody.read(body), actor);
    }
}
