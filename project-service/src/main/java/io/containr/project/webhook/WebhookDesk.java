package io.containr.project.webhook;

import io.containr.contracts.ids.ServiceId;
import io.containr.project.services.PushTargets;
import io.containr.project.webhook.Webhooks.Webhook;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What owners do with a service's webhook; the service says in the same transaction whether pushes deploy it. */
@Component
class WebhookDesk {

    private final Webhooks webhooks;
    private final PushTargets services;
    private final SecretBox box;
    private final Clock clock;

    WebhookDesk(Webhooks webhooks, PushTargets services, SecretBox box, Clock clock) {
        this.webhooks = webhooks;
        this.services = services;
        this.box = box;
        this.clock = clock;
    }

    /** @throws ApiException NOT_FOUND if there is no such service that the actor may see */
    @Transactional
    public Webhook enable(ServiceId service, String secret, Actor actor) {
        services.deployPushes(service, actor, true);
        webhooks.put(
                service,
                box.seal(secret, Webhooks.sealedFor(service)),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        return webhooks.find(service).orElseThrow();
    }

    /** @throws ApiException NOT_FOUND if there is no such service that the actor may see, or it has none */
    @Transactional
    public void disable(ServiceId service, Actor actor) {
        services.deployPushes(service, actor, false);
        if (!webhooks.delete(service)) {
            throw ApiException.notFound("Webhook");
        }
    }
}
