package io.containr.project.variables;

import io.containr.project.projects.Project;
import io.containr.project.projects.ProjectContents;
import org.springframework.stereotype.Component;

/** Shared variables go with their project; its {@code ProjectDeleted} is all that others need to hear. */
@Component
class SharedVariablesOfProject implements ProjectContents {

    private final SharedVariableTable table;

    SharedVariablesOfProject(SharedVariableTable table) {
        this.table = table;
    }

    @Override
    public void projectRenamed(Project project) {
        // They do not carry its name.
    }

    @Override
    public void projectDeleted(Project project) {
        table.delete(project.id());
    }
}
