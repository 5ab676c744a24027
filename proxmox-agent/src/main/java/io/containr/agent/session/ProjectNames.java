package io.containr.agent.session;

import io.containr.contracts.ids.ProjectId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Which names lead where, in each project. */
public interface ProjectNames {

    /** The names of these projects, newest instance first; a project without any may be missing. */
    Map<ProjectId, List<Name>> of(Collection<ProjectId> projects);

    /**
     * An instance that can be reached.
     *
     * @param label its service's, unique in the project
     */
    record Name(String label, String address) {}
}
