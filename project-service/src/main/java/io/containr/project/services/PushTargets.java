package io.containr.project.services;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ServiceSource;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What others need to know of a service to tell whether a push means it. */
@Component
public class PushTargets {

    private final Services services;
    private final ServiceCatalog catalog;

    PushTargets(Services services, ServiceCatalog catalog) {
        this.services = services;
        this.catalog = catalog;
    }

    /**
     * A service that pushes may mean.
     *
     * @param source null: it has none yet
     * @param watchPaths which changed paths a push must touch; empty: any
     */
    public record PushTarget(
            ServiceId id,
            ProjectId project,
            UserId owner,
            @Nullable ServiceSource source,
            List<String> watchPaths) {}

    /** Whoever asks: for those who prove by other means that they may. */
    public Optional<PushTarget> find(ServiceId id) {
        return services.find(id).map(PushTargets::target);
    }

    /** @throws ApiException NOT_FOUND if there is none that the actor may see */
    public PushTarget get(ServiceId id, Actor actor) {
        return target(catalog.get(id, actor));
    }

    /**
     * From now on pushes deploy the service, or do so no more. Nobody changes or deletes it before the end of the transaction.
     *
     * @throws ApiException NOT_FOUND if there is none that the actor may see
     */
    @Transactional
    public void deployPushes(ServiceId id, Actor actor, boolean deploys) {
        catalog.change(id, actor, service -> service.deployingPushes(deploys));
    }

    private static PushTarget target(Service service) {
        return new PushTarget(
                service.id(),
                service.project().id(),
                service.project().owner(),
                service.definition().source(),
                service.definition().watchPaths());
    }
}
