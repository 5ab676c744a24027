package io.containr.project.variables;

import io.containr.contracts.ids.ProjectId;
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
@RequestMapping("/api/v1/projects/{id}/variables")
class SharedVariableController {

    private final SharedVariables variables;

    SharedVariableController(SharedVariables variables) {
        this.variables = variables;
    }

    @GetMapping
    Map<String, VariableView> get(@PathVariable ProjectId id, Actor actor) {
        return variables.get(id, actor);
    }

    @PutMapping
    Map<String, VariableView> replace(
            @PathVariable ProjectId id, @RequestBody Map<String, JsonNode> body, Actor actor) {
        return variables.replace(id, VariableBody.read(body), actor);
    }
}
