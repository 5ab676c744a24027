package io.containr.project.webhook;

import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.project.services.PushTargets;
import io.containr.project.services.PushTargets.PushTarget;
import io.containr.project.webhook.PushRules.Verdict;
import io.containr.project.webhook.Told.Push;
import io.containr.runtime.messaging.MessageMeta;
import org.springframework.stereotype.Component;

/** Pushes whose deliveries were missed, as build-service found them at the branch: they follow the same rules as delivered ones. */
@Component
class SeenHeads {

    private final PushTargets services;
    private final PushDesk desk;

    SeenHeads(PushTargets services, PushDesk desk) {
        this.services = services;
        this.desk = desk;
    }

    void moved(HeadMoved event, MessageMeta meta) {
        services.find(event.service())
                .ifPresent(service -> seen(service, event, meta.id().toString()));
    }

    private void seen(PushTarget service, HeadMoved event, String sighting) {
        switch (PushRules.judge(service, event)) {
            case Verdict.Ignore ignored -> {}
            case Verdict.Skip(Push push, String reason) -> desk.seen(service, sighting, push, reason);
            case Verdict.Deploy(Push push) -> desk.seen(service, sighting, push, null);
        }
    }
}
