package io.containr.project.webhook;

import io.containr.contracts.project.ProjectEvent.PushIgnored;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.project.ProjectSettings;
import io.containr.project.git.ProviderKind;
import io.containr.project.services.PushTargets.PushTarget;
import io.containr.project.webhook.Told.Push;
import io.containr.project.webhook.Webhooks.Head;
import io.containr.project.webhook.Webhooks.Known;
import io.containr.project.webhook.Webhooks.Outcome;
import io.containr.project.webhook.Webhooks.Remembered;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Writes down that a branch has a new head, and tells it, once per delivery and head and in the order of the pushes. */
@Component
class PushDesk {

    private static final int LONGEST_MESSAGE = 500;
    private static final int LONGEST_AUTHOR = 200;

    /** Stands for the provider where none told the push. */
    private static final String SEEN = "git";

    private final Webhooks webhooks;
    private final UntoldPushes untold;
    private final Outbox outbox;
    private final Clock clock;
    private final Duration remembered;

    PushDesk(Webhooks webhooks, UntoldPushes untold, Outbox outbox, Clock clock, ProjectSettings settings) {
        this.webhooks = webhooks;
        this.untold = untold;
        this.outbox = outbox;
        this.clock = clock;
        this.remembered = settings.webhooks().remembered();
    }

    /** What becomes of a delivery. */
    enum Answer {
        ACCEPTED,
        REPEATED,
        OVERTAKEN
    }

    /**
     * A provider delivered a push that shall be deployed.
     *
     * @throws ApiException NOT_FOUND if the webhook is gone
     */
    @Transactional
    public Answer accept(PushTarget service, ProviderKind provider, String delivery, Push push) {
        lock(service);
        Known known = webhooks.known(service.id(), push);
        Head head = known.head();
        if (head != null && head.outcome() == Outcome.TOLD && head.commit().equals(push.commit())) {
            return Answer.REPEATED;
        }
        Outcome outcome = known.overtaken() ? Outcome.OVERTAKEN : Outcome.TOLD;
        if (!remember(new Remembered(service.id(), delivery, push, outcome, false))) {
            return Answer.REPEATED;
        }
        if (outcome == Outcome.OVERTAKEN) {
            return Answer.OVERTAKEN;
        }
        tell(service, provider.word(), delivery, push, head);
        return Answer.ACCEPTED;
    }

    /**
     * A provider delivered a push that the service's rules do not want deployed.
     *
     * @throws ApiException NOT_FOUND if the webhook is gone
     */
    @Transactional
    public void decline(PushTarget service, String delivery, Push push, String reason) {
        lock(service);
        Outcome outcome = webhooks.known(service.id(), push).overtaken() ? Outcome.OVERTAKEN : Outcome.DECLINED;
        if (remember(new Remembered(service.id(), delivery, push, outcome, false)) && outcome == Outcome.DECLINED) {
            ignore(service, push, reason);
        }
    }

    /**
     * A push was found at the branch, which no delivery had told of by then.
     *
     * @param sighting the same when it is told of again
     * @param declined why it is not to be deployed; null: it is
     */
    @Transactional
    public void seen(PushTarget service, String sighting, Push push, @Nullable String declined) {
        if (!webhooks.lock(service.id())) {
            return;
        }
        Known known = webhooks.known(service.id(), push);
        Head head = known.head();
        if (head != null && head.commit().equals(push.commit()) || known.overtaken()) {
            return;
        }
        Outcome outcome = declined == null ? Outcome.TOLD : Outcome.DECLINED;
        if (!remember(new Remembered(service.id(), sighting, push, outcome, true))) {
            return;
        }
        if (declined == null) {
            tell(service, SEEN, null, push, head);
        } else {
            ignore(service, push, declined);
        }
    }

    private void lock(PushTarget service) {
        if (!webhooks.lock(service.id())) {
            throw ApiException.notFound("Webhook");
        }
    }

    private boolean remember(Remembered push) {
        Instant now = clock.instant();
        return webhooks.remember(push, now, now.minus(remembered));
    }

    private void tell(
            PushTarget service, String provider, @Nullable String delivery, Push push, @Nullable Head before) {
        String message = push.message();
        untold.tell(
                new PushReceived(
                        service.id(),
                        service.project(),
                        service.owner(),
                        provider,
                        delivery,
                        push.branch(),
                        commit(push),
                        message == null ? null : line(message, LONGEST_MESSAGE),
                        push.author() == null ? null : line(push.author(), LONGEST_AUTHOR)),
                before == null ? null : before.receivedAt());
    }

    private void ignore(PushTarget service, Push push, String reason) {
        outbox.append(
                new PushIgnored(service.id(), service.project(), service.owner(), push.branch(), commit(push), reason),
                service.project());
    }

    private static String commit(Push push) {
        return Objects.requireNonNull(push.commit());
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
