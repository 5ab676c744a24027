package io.containr.project.webhook;

import io.containr.contracts.ids.ServiceId;
import io.containr.project.ProjectSettings;
import io.containr.project.git.ProviderKind;
import io.containr.project.input.InvalidValueException;
import io.containr.project.services.PushTargets;
import io.containr.project.services.PushTargets.PushTarget;
import io.containr.project.webhook.PushRules.Verdict;
import io.containr.project.webhook.Told.Nothing;
import io.containr.project.webhook.Told.Ping;
import io.containr.project.webhook.Told.Push;
import io.containr.project.webhook.Told.Pushes;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes deliveries: proves, understands, writes a row, answers. Nothing is read of a delivery to a service that has no webhook,
 * and nothing is believed of one that is not signed.
 */
@RestController
class WebhookReceiver {

    /** Of the database's connections, so that a surge of deliveries leaves users some. */
    private static final int AT_ONCE = 4;

    /** Providers wait ten seconds. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(9);

    private static final Pattern DELIVERY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final Webhooks webhooks;
    private final PushTargets services;
    private final PushDesk desk;
    private final Signatures signatures;
    private final Payloads payloads;
    private final SecretBox box;
    private final Clock clock;
    private final int bodyLimit;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    WebhookReceiver(
            Webhooks webhooks,
            PushTargets services,
            PushDesk desk,
            ProjectSettings settings,
            JsonMapper json,
            SecretBox box,
            Clock clock) {
        this.webhooks = webhooks;
        this.services = services;
        this.desk = desk;
        this.signatures = new Signatures(settings.webhooks().tolerance());
        this.payloads = new Payloads(json);
        this.box = box;
        this.clock = clock;
        this.bodyLimit = Math.toIntExact(settings.webhooks().bodyLimit().toBytes());
    }

    @PostMapping(WebhookConfiguration.PATH + "/{provider}/{service}")
    Answer receive(@PathVariable String provider, @PathVariable String service, HttpServletRequest request)
            throws IOException {
        ProviderKind kind = kind(provider);
        Webhooks.Webhook webhook =
                inTurn(() -> id(service).flatMap(webhooks::find)).orElseThrow(WebhookReceiver::notFound);
        Delivery delivery = new Delivery(request::getHeader, body(request));
        String secret = box.open(webhook.secret(), Webhooks.sealedFor(webhook.service()));
        if (!signatures.prove(kind, delivery, secret, clock.instant())) {
            throw ApiException.unauthenticated("The signature is missing or wrong");
        }
        return switch (payloads.read(kind, delivery)) {
            case Ping() -> new Answer("pong", null);
            case Nothing(String reason) -> ignored(reason);
            case Pushes pushes ->
                inTurn(() -> {
                    PushTarget target = services.find(webhook.service()).orElseThrow(WebhookReceiver::notFound);
                    return pushed(target, kind, delivery, pushes);
                });
        };
    }

    /** A delivery that waits for others holds no connection to the database. */
    private <T> T inTurn(Supplier<T> work) {
        try {
            if (!turns.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ApiException.unavailable("Too many deliveries at once, send it again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("Shutting down, send it again");
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    private Answer pushed(PushTarget service, ProviderKind kind, Delivery delivery, Pushes pushes) {
        return switch (PushRules.judge(service, pushes)) {
            case Verdict.Ignore(String reason) -> ignored(reason);
            case Verdict.Skip(Push push, String reason) -> {
                desk.decline(service, deliveryId(kind, delivery, push), push, reason);
                yield ignored(reason);
            }
            case Verdict.Deploy(Push push) ->
                switch (desk.accept(service, kind, deliveryId(kind, delivery, push), push)) {
                    case ACCEPTED -> new Answer("accepted", null);
                    case REPEATED -> new Answer("repeated", "this delivery came before");
                    case OVERTAKEN -> ignored("a later push came before");
                };
        };
    }

    private static Answer ignored(String reason) {
        return new Answer("ignored", reason);
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() <= bodyLimit) {
            byte[] body = request.getInputStream().readNBytes(bodyLimit + 1);
            if (body.length <= bodyLimit) {
                return body;
            }
        }
        throw ApiException.payloadTooLarge("The delivery is too large");
    }

    /** What the provider calls the delivery, the same when it sends it again; else what it says. */
    private static String deliveryId(ProviderKind kind, Delivery delivery, Push push) {
        List<String> names = switch (kind) {
            case GITHUB -> List.of("X-GitHub-Delivery");
            case GITEA -> List.of("X-Gitea-Delivery");
            case BITBUCKET -> List.of("X-Request-UUID");
            case GITLAB -> List.of("webhook-id", "Idempotency-Key");
        };
        for (String name : names) {
            String id = delivery.headerOrEmpty(name);
            if (DELIVERY.matcher(id).matches()) {
                return id;
            }
        }
        return "sha256:" + digest(delivery.headerOrEmpty("X-Gitlab-Event-UUID"), push.commit(), delivery.body());
    }

    private static String digest(String event, @Nullable String commit, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((event + "\n" + commit + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ProviderKind kind(String word) {
        try {
            return ProviderKind.of(word);
        } catch (InvalidValueException e) {
            throw notFound();
        }
    }

    private static Optional<ServiceId> id(String text) {
        try {
            return Optional.of(new ServiceId(UUID.fromString(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The same for a service that is not there and one without a webhook. */
    private static ApiException notFound() {
        return ApiException.notFound("Webhook");
    }

    /**
     * What the provider shows beside its delivery.
     *
     * @param status pong, accepted, repeated or ignored
     */
    record Answer(String status, @Nullable String reason) {}
}
