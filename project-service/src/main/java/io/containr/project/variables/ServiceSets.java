package io.containr.project.variables;

import io.containr.contracts.ids.ProjectId;
import java.util.List;

/** Tells what the services of a project have. */
public interface ServiceSets {

    List<ServiceSet> of(ProjectId project);
}
