package io.containr.project.services;

import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.project.git.GitProviderId;
import io.containr.project.git.GitProviderUse;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** Services lose their credential with the Git provider it came from. */
@Component
class ServicesOfProvider implements GitProviderUse {

    private final Services services;
    private final Outbox outbox;
    private final Clock clock;

    ServicesOfProvider(Services services, Outbox outbox, Clock clock) {
        this.services = services;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public void providerDeleted(GitProviderId provider, UserId owner) {
        for (Service before : services.lockAllWith(provider)) {
            Service after =
                    before.withoutGitProvider().changedAt(clock.instant().truncatedTo(ChronoUnit.MICROS));
            services.update(after);
            outbox.append(new ServiceUpdated(after.spec()), after.project().id());
        }
    }
}
