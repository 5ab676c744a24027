package io.containr.auth.keycloak;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.web.client.RestClient;

/** Up while Keycloak serves the realm; without it nobody logs in. */
final class KeycloakHealthIndicator extends AbstractHealthIndicator {

    private final RestClient realm;

    KeycloakHealthIndicator(RestClient realm) {
        super("Keycloak does not answer");
        this.realm = realm;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        realm.get().retrieve().toBodilessEntity();
        builder.up();
    }
}
