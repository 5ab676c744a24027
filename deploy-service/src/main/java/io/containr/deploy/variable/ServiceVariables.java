package io.containr.deploy.variable;

import io.containr.contracts.Sealed;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.variables.Definition;
import io.containr.runtime.variables.Owner;
import io.containr.runtime.variables.ProvidedVariables;
import io.containr.runtime.variables.Scope;
import org.jspecify.annotations.Nullable;

/** A service as references see it: what its user wrote, and what the platform provides. */
record ServiceVariables(ServiceSpec spec, SecretBox secrets, Provided provided) implements Scope.Member {

    /** What the platform provides, looked up when it is asked for. */
    interface Provided {

        /** Null: not known before its first deployment. */
        @Nullable
        Integer port();

        String publicDomain();

        String privateDomain();
    }

    @Override
    public Owner owner() {
        return new Owner(spec.service(), spec.name());
    }

    @Override
    public @Nullable Definition find(String name) {
        boolean provides = ProvidedVariables.of(spec.kind()).contains(name);
        Sealed sealed = spec.variables().get(name);
        if (sealed != null && !ProvidedVariables.isReserved(name)) {
            return new Definition.Written(secrets.open(sealed, ServiceSpec.sealedFor(spec.service(), name)));
        }
        return provides ? given(name) : null;
    }

    private Definition given(String name) {
        return switch (name) {
            case ProvidedVariables.SERVICE_NAME -> new Definition.Given(spec.name());
            case ProvidedVariables.PUBLIC_DOMAIN -> new Definition.Given(provided.publicDomain());
            case ProvidedVariables.PRIVATE_DOMAIN -> new Definition.Given(provided.privateDomain());
            case ProvidedVariables.PORT -> port();
            default -> throw new IllegalStateException("nobody provides " + name);
        };
    }

    private Definition port() {
        Integer port = provided.port();
        return port == null
                ? new Definition.Unknown(
                        "the port of " + spec.name() + " is not known yet; set its PORT, or deploy it first")
                : new Definition.Given(port.toString());
    }
}
