package io.containr.project.variables;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.SharedVariablesChanged;
import io.containr.contracts.project.ServiceSpec;
import io.containr.project.projects.Project;
import io.containr.project.projects.ProjectCatalog;
import io.containr.project.variables.VariableVault.Purpose;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What the services of a project may refer to. A change holds the project's row lock, raises the revision and tells the whole. */
@Component
public class SharedVariables {

    private final SharedVariableTable table;
    private final ProjectCatalog projects;
    private final VariableSets sets;
    private final ReferenceCheck references;
    private final Outbox outbox;

    SharedVariables(
            SharedVariableTable table,
            ProjectCatalog projects,
            VariableSets sets,
            ReferenceCheck references,
            Outbox outbox) {
        this.table = table;
        this.projects = projects;
        this.sets = sets;
        this.references = references;
        this.outbox = outbox;
    }

    /** @throws ApiException NOT_FOUND if there is no such project that the actor may see */
    public Map<String, VariableView> get(ProjectId project, Actor actor) {
        ProjectId visible = projects.get(project, actor).id();
        return sets.view(purpose(visible), table.find(visible).variables());
    }

    /**
     * Replaces all of them; those that are not named go.
     *
     * @throws ApiException NOT_FOUND if there is no such project that the actor may see, VALIDATION naming every problem
     */
    @Transactional
    public Map<String, VariableView> replace(ProjectId id, Map<String, VariableInput> wanted, Actor actor) {
        Project project = projects.lock(id, actor);
        Purpose purpose = purpose(id);
        SharedSet before = table.find(id);
        Map<String, Variable> replaced = sets.replace(
                purpose,
                before.variables(),
                wanted,
                (problems, values) -> references.ofShared(problems, id, VariableSets.FIELD, values));
        SharedSet after = new SharedSet(before.revision() + 1, replaced);
        if (!after.variables().equals(before.variables())) {
            table.save(id, after);
            outbox.append(event(project, after), id);
        }
        return sets.view(purpose, after.variables());
    }

    /**
     * What others learn of them.
     *
     * @throws ApiException NOT_FOUND if there is no such project that the actor may see
     */
    public SharedVariablesChanged current(ProjectId id, Actor actor) {
        Project project = projects.get(id, actor);
        return event(project, table.find(id));
    }

    private static SharedVariablesChanged event(Project project, SharedSet set) {
        Map<String, Sealed> sealed = new HashMap<>();
        set.variables().forEach((name, variable) -> sealed.put(name, variable.value()));
        return new SharedVariablesChanged(project.id(), project.owner(), set.revision(), sealed);
    }

    private static Purpose purpose(ProjectId project) {
        return name -> ServiceSpec.sealedForShared(project, name);
    }
}
