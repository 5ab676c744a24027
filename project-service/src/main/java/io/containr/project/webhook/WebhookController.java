package io.containr.project.webhook;

import io.containr.contracts.ids.ServiceId;
import io.containr.project.ProjectSettings;
import io.containr.project.git.ProviderKind;
import io.containr.project.services.PushTargets;
import io.containr.runtime.security.Actor;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A service's webhook, as its owner sees it. */
@RestController
@RequestMapping("/api/v1/services/{id}/webhook")
class WebhookController {

    private static final int KEY_BYTES = 32;

    private final Webhooks webhooks;
    private final PushTargets services;
    private final WebhookDesk desk;
    private final String apiUrl;
    private final SecureRandom random = new SecureRandom();

    WebhookController(Webhooks webhooks, PushTargets services, WebhookDesk desk, ProjectSettings settings) {
        this.webhooks = webhooks;
        this.services = services;
        this.desk = desk;
        this.apiUrl = settings.apiUrl().toString().replaceFirst("/+$", "");
    }

    @GetMapping
    WebhookBody get(@PathVariable ServiceId id, Actor actor) {
        services.get(id, actor);
        return webhooks.find(id)
                .map(webhook -> new WebhookBody(true, urls(id), null, webhook.createdAt(), webhook.rotatedAt()))
                .orElseGet(() -> new WebhookBody(false, urls(id), null, null, null));
    }

    /** Enables it, or gives it a new secret; the old one is worth nothing from then on. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    WebhookBody enable(@PathVariable ServiceId id, Actor actor) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        String secret = Signatures.PREFIX + Base64.getEncoder().encodeToString(key);
        Webhooks.Webhook webhook = desk.enable(id, secret, actor);
        return new WebhookBody(true, urls(id), secret, webhook.createdAt(), webhook.rotatedAt());
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void disable(@PathVariable ServiceId id, Actor actor) {
        desk.disable(id, actor);
    }

    private Map<String, String> urls(ServiceId id) {
        Map<String, String> urls = new TreeMap<>();
        for (ProviderKind kind : ProviderKind.values()) {
            urls.put(kind.word(), apiUrl + "/webhooks/" + kind.word() + "/" + id);
        }
        return urls;
    }

    /**
     * The webhook as the API shows it.
     *
     * @param urls where each kind of provider sends its deliveries
     * @param secret only in the answer that made it
     */
    record WebhookBody(
            boolean enabled,
            Map<String, String> urls,
            @Nullable String secret,
            @Nullable Instant createdAt,
            @Nullable Instant rotatedAt) {

        @Override
        public String toString() {
            return "WebhookBody[" + enabled + "]";
        }
    }
}
