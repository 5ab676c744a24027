package io.containr.project.webhook;

import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.security.OpenPaths;
import io.containr.runtime.web.OwnBodyLimits;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Deliveries carry a signature instead of a token, and may be larger than other requests. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    static final String PATH = "/api/v1/webhooks";

    /** Services whose waiting pushes are told at once. */
    private static final int TOLD_AT_ONCE = 2;

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

    /** Its keys are the ids of services whose pushes are to be told. */
    @Bean
    WorkQueue pushQueue(WorkQueues queues, ObjectProvider<UntoldPushes> pushes) {
        return queues.create("pushes", TOLD_AT_ONCE, work -> pushes.getObject().work(work));
    }

    @Bean
    OwnBodyLimits webhookBodies() {
        return new OwnBodyLimits(List.of(PATH + "/"));
    }
}
