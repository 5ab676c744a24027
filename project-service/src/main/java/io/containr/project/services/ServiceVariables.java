package io.containr.project.services;

import io.containr.contracts.ids.ServiceId;
import io.containr.project.input.Problems;
import io.containr.project.variables.ReferenceCheck;
import io.containr.project.variables.VariableInput;
import io.containr.project.variables.VariableSets;
import io.containr.project.variables.VariableVault;
import io.containr.project.variables.VariableVault.Purpose;
import io.containr.project.variables.VariableView;
import io.containr.runtime.security.Actor;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The runtime variables of services. */
@Component
class ServiceVariables {

    private final ServiceCatalog catalog;
    private final VariableSets sets;
    private final VariableVault vault;
    private final ReferenceCheck references;

    ServiceVariables(ServiceCatalog catalog, VariableSets sets, VariableVault vault, ReferenceCheck references) {
        this.catalog = catalog;
        this.sets = sets;
        this.vault = vault;
        this.references = references;
    }

    Map<String, VariableView> get(ServiceId id, Actor actor) {
        return sets.view(Purpose.service(id), catalog.get(id, actor).variables());
    }

    /** Replaces all of them; those that are not named go. */
    @Transactional
    public Map<String, VariableView> replace(ServiceId id, Map<String, VariableInput> wanted, Actor actor) {
        catalog.holdProjectOf(id, actor);
        Purpose purpose = Purpose.service(id);
        Service changed = catalog.change(
                id,
                actor,
                service -> service.withVariables(sets.replace(
                        purpose,
                        service.variables(),
                        wanted,
                        (problems, values) -> checkReferences(problems, service, values))));
        return sets.view(purpose, changed.variables());
    }

    private void checkReferences(Problems problems, Service service, Map<String, String> values) {
        Map<String, String> all = vault.open(service.id(), service.environment());
        all.putAll(values);
        references.ofService(
                problems, service.project().id(), SetsOfServices.set(service), all, VariableSets.FIELD, values);
    }
}
