package io.containr.project.projects;

/** What lives in projects and follows them; called in the transaction of the change, which holds the project's row lock. */
public interface ProjectContents {

    void projectRenamed(Project project);

    /** Everything that belongs to the project must be gone when this returns. */
    void projectDeleted(Project project);
}
