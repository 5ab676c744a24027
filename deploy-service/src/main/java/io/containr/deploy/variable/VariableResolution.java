package io.containr.deploy.variable;

import io.containr.contracts.Sealed;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.directory.ProjectSnapshot;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.variables.Owner;
import io.containr.runtime.variables.ProvidedVariables;
import io.containr.runtime.variables.Resolver;
import io.containr.runtime.variables.Resolver.UnresolvableException;
import io.containr.runtime.variables.Template;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts values in the place of the references in a service's variables, as its project is now, and seals what comes out for
 * the service. Values without references stay sealed as they are.
 */
@Component
public class VariableResolution {

    public static final String VARIABLES = "variables";

    private static final String BUILD_VARIABLES = "build_config.environment_variables";

    /** In bytes, so that a release still fits into one message. */
    private static final int LARGEST_TOTAL = 256 * 1024;

    private final ProjectDirectory directory;
    private final SharedVariables shared;
    private final ProjectScopes scopes;
    private final SecretBox secrets;

    VariableResolution(ProjectDirectory directory, SharedVariables shared, ProjectScopes scopes, SecretBox secrets) {
        this.directory = directory;
        this.shared = shared;
        this.scopes = scopes;
        this.secrets = secrets;
    }

    /**
     * The specification as it would come out now, with what the user changed a moment ago; gives no service a name.
     *
     * @throws UnresolvedVariablesException naming every variable that has no value
     */
    public ServiceSpec tryOut(ServiceSpec spec, Actor actor) {
        if (isPlain(spec)) {
            return spec;
        }
        directory.latest(spec.project(), actor).map(ProjectSnapshot::shared).ifPresent(shared::remember);
        return resolved(spec, new Resolver(scopes.of(spec, null, false)));
    }

    /**
     * The specification with nothing left to resolve. Called in a transaction, since it gives names to services that are
     * referred to and have none yet.
     *
     * @param port where its application will listen, null: where it did before, or where applications usually do
     * @throws UnresolvedVariablesException naming every variable that has no value
     */
    public ServiceSpec resolve(ServiceSpec spec, @Nullable Integer port) {
        return isPlain(spec) ? spec : resolved(spec, new Resolver(scopes.of(spec, port, true)));
    }

    private ServiceSpec resolved(ServiceSpec spec, Resolver resolver) {
        Map<String, String> problems = new TreeMap<>();
        Map<String, Sealed> variables = resolved(spec, VARIABLES, spec.variables(), resolver, problems);
        Map<String, Sealed> build = resolved(spec, BUILD_VARIABLES, spec.build().environment(), resolver, problems);
        if (!problems.isEmpty()) {
            throw new UnresolvedVariablesException(problems);
        }
        return spec.withVariables(variables, build);
    }

    private Map<String, Sealed> resolved(
            ServiceSpec spec,
            String field,
            Map<String, Sealed> values,
            Resolver resolver,
            Map<String, String> problems) {
        Map<String, Sealed> resolved = new HashMap<>();
        long total = 0;
        for (Map.Entry<String, Sealed> variable : values.entrySet()) {
            String name = variable.getKey();
            String text = open(spec, name, variable.getValue());
            try {
                String value = value(spec, name, text, resolver, variable.getValue());
                total += value.getBytes(StandardCharsets.UTF_8).length;
                resolved.put(name, value.equals(text) ? variable.getValue() : seal(spec, name, value));
            } catch (UnresolvableException e) {
                problems.put(field + "." + name, e.problem());
            }
        }
        if (total > LARGEST_TOTAL) {
            problems.put(
                    field, "are larger than " + LARGEST_TOTAL / 1024 + " KiB in total with their references resolved");
        }
        return resolved;
    }

    /** A value that another one of the same name hides, as a build's may be, is resolved by itself. */
    private static String value(ServiceSpec spec, String name, String text, Resolver resolver, Sealed sealed) {
        Owner owner = new Owner(spec.service(), spec.name());
        return sealed.equals(spec.variables().get(name)) && !ProvidedVariables.isReserved(name)
                ? resolver.resolve(owner, name)
                : resolver.resolve(owner, name, text);
    }

    private boolean isPlain(ServiceSpec spec) {
        return isPlain(spec, spec.variables()) && isPlain(spec, spec.build().environment());
    }

    private boolean isPlain(ServiceSpec spec, Map<String, Sealed> values) {
        return values.entrySet().stream()
                .allMatch(variable -> Template.isPlain(open(spec, variable.getKey(), variable.getValue())));
    }

    private String open(ServiceSpec spec, String name, Sealed value) {
        return secrets.open(value, ServiceSpec.sealedFor(spec.service(), name));
    }

    private Sealed seal(ServiceSpec spec, String name, String value) {
        return secrets.seal(value, ServiceSpec.sealedFor(spec.service(), name));
    }
}
