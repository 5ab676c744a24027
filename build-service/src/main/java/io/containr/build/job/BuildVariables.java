package io.containr.build.job;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.Sealed;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.secrets.SecretBox.CannotOpenException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;

/** Opens what a build may use, as late as possible. */
@Component
public class BuildVariables {

    private final SecretBox secrets;

    BuildVariables(SecretBox secrets) {
        this.secrets = secrets;
    }

    /** Seals the arguments of one build. */
    public Map<String, Sealed> seal(BuildId build, Map<String, String> arguments) {
        Map<String, Sealed> sealed = new HashMap<>();
        arguments.forEach((name, value) -> sealed.put(name, secrets.seal(value, BuildRequest.sealedFor(build, name))));
        return sealed;
    }

    /** All variables of a build in clear; its own arguments win. */
    Map<String, String> open(Build build) throws BuildFailedException {
        Map<String, String> variables = new HashMap<>();
        ServiceId service = build.service();
        if (service != null) {
            open(build.request().variables(), name -> ServiceSpec.sealedFor(service, name), variables);
        }
        open(build.request().arguments(), name -> BuildRequest.sealedFor(build.id(), name), variables);
        return variables;
    }

    private void open(Map<String, Sealed> sealed, UnaryOperator<String> purpose, Map<String, String> variables)
            throws BuildFailedException {
        for (Map.Entry<String, Sealed> variable : sealed.entrySet()) {
            String name = variable.getKey();
            try {
                variables.put(name, secrets.open(variable.getValue(), purpose.apply(name)));
            } catch (CannotOpenException e) {
                throw new BuildFailedException(
                        BuildErrorCode.BUILD_VARIABLE_INVALID,
                        "The variable " + name + " cannot be opened; set it again.",
                        e);
            }
        }
    }
}
