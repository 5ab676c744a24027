package io.containr.build.cleanup;

import io.containr.build.job.Build;
import io.containr.build.job.Builds;
import io.containr.contracts.ids.ProjectId;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import org.springframework.stereotype.Component;

/** Takes away what was built for a deleted project and none of its services, once nothing is being built any more. */
@Component
class ProjectCleanup {

    private final Builds builds;
    private final ImagesOfScope images;

    ProjectCleanup(Builds builds, ImagesOfScope images) {
        this.builds = builds;
        this.images = images;
    }

    Next work(Work work) {
        ProjectId project = ProjectId.of(work.key());
        if (builds.hasUnfinished(project)) {
            return Next.after(ServiceCleanup.BUILDS_STOP_WITHIN);
        }
        images.removeAll(Build.scopeOf(project));
        builds.deleteEnded(project);
        return Next.done();
    }
}
