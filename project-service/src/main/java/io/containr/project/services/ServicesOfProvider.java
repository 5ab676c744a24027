package io.containr.project.services;

import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.project.git.GitProviderId;
import io.containr.project.git.GitProviderUse;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Services get and lose their credential with the Git provider it comes from. */
@Component
class ServicesOfProvider implements GitProviderUse {

    private final Services services;
    private final ObjectProvider<CloneCredentials> credentials;
    private final Outbox outbox;
    private final Clock clock;

    /** @param credentials looked up when they are needed: they come from the providers that call this */
    ServicesOfProvider(Services services, ObjectProvider<CloneCredentials> credentials, Outbox outbox, Clock clock) {
        this.services = services;
        this.credentials = credentials;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public void tokenReplaced(GitProviderId provider, UserId owner) {
        change(provider, service -> service.fetchedWith(credentials.getObject().renewed(service, provider)));
    }

    @Override
    public void providerDeleted(GitProviderId provider, UserId owner) {
        change(provider, Service::withoutGitProvider);
    }

    private void change(GitProviderId provider, UnaryOperator<Service> change) {
        for (Service before : services.lockAllWith(provider)) {
            Service after = change.apply(before).changedAt(clock.instant().truncatedTo(ChronoUnit.MICROS));
            services.update(after);
            outbox.append(new ServiceUpdated(after.spec()), after.project().id());
        }
    }
}
