package io.containr.project.webhook;

import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.project.ProjectSettings;
import io.containr.project.git.ProviderKind;
import io.containr.project.services.PushTargets.PushTarget;
import io.containr.project.webhook.Told.Push;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Writes down that a branch has a new head, and tells it, once per delivery and in the order of the pushes. */
@Component
class PushDesk {

    private static final int LONGEST_MESSAGE = 500;
    private static final int LONGEST_AUTHOR = 200;

    private final Webhooks webhooks;
    private final Outbox outbox;
    private final Clock clock;
    private final Duration remembered;

    PushDesk(Webhooks webhooks, Outbox outbox, Clock clock, ProjectSettings settings) {
        this.webhooks = webhooks;
        this.outbox = outbox;
        this.clock = clock;
        this.remembered = settings.webhooks().remembered();
    }

    /** What became of a push. */
    enum Outcome {
        ACCEPTED,
        REPEATED,
        OVERTAKEN
    }

    @Transactional
    public Outcome accept(PushTarget service, ProviderKind provider, String delivery, Push push) {
        Outcome outcome = record(service, delivery, push);
        if (outcome == Outcome.ACCEPTED) {
            String message = push.message();
            outbox.append(
                    new PushReceived(
                            service.id(),
                            service.project(),
                            service.owner(),
                            provider.word(),
                            delivery,
                            push.branch(),
                            Objects.requireNonNull(push.commit()),
                            message == null ? null : line(message, LONGEST_MESSAGE),
                            push.author() == null ? null : line(push.author(), LONGEST_AUTHOR)),
                    service.project());
        }
        return outcome;
    }

    private Outcome record(PushTarget service, String delivery, Push push) {
        Instant now = clock.instant();
        if (!webhooks.lock(service.id())) {
            throw ApiException.notFound("Webhook");
        }
        boolean overtaken = webhooks.isOvertaken(service.id(), push);
        if (!webhooks.remember(service.id(), delivery, push, now, now.minus(remembered))) {
            return Outcome.REPEATED;
        }
        return overtaken ? Outcome.OVERTAKEN : Outcome.ACCEPTED;
    }

    /** The first line, without what cannot be shown. */
    private static @Nullable String line(String text, int longest) {
        String line = text.strip().lines().findFirst().orElse("");
        String shown = line.replaceAll("\\p{Cntrl}", " ")
                .replaceAll("[\\ud800-\\udfff]", "")
                .strip();
        return shown.length() <= longest ? shown : shown.substring(0, longest - 1) + "…";
    }
}
