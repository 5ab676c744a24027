package io.containr.project.webhook;

import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.security.OpenPaths;
import io.containr.runtime.web.OwnBodyLimits;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Deliveries carry a signature instead of a token, and may be larger than other requests. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    static final String PATH = "/api/v1/webhooks";

    @Bean
    OpenPaths webhookPaths() {
        return OpenPaths.of(PATH + "/*/*");
    }

    @Bean
    MessageSubscription seenHeadMessages(SeenHeads heads) {
        return MessageSubscription.named("project-service/heads")
                .on(HeadMoved.class, heads::moved)
                .build();
    }

    @Bean
    OwnBodyLimits webhookBodies() {
        return new OwnBodyLimits(List.of(PATH + "/"));
    }
}
