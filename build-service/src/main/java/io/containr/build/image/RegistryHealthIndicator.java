package io.containr.build.image;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** Up while the platform's registry answers as one, be it that it wants a login first (OCI distribution, end-1). */
@Component("registry")
final class RegistryHealthIndicator extends AbstractHealthIndicator implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI root;

    RegistryHealthIndicator(RegistryAccess registry) {
        super("the registry does not answer");
        this.root = URI.create((registry.insecure() ? "http" : "https") + "://" + registry.address() + "/v2/");
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws IOException, InterruptedException {
        int status = http.send(
                        HttpRequest.newBuilder(root).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        builder.status(status == 200 || status == 401 ? Status.UP : Status.DOWN).withDetail("status", status);
    }

    @Override
    public void close() {
        http.close();
    }
}
