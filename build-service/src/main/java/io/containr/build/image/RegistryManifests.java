package io.containr.build.image;

import com.google.cloud.tools.jib.api.Credential;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Takes manifests out of the platform's registry, which must allow deletion; its own garbage collection frees the layers. */
@Component
public class RegistryManifests {

    private final RestClient client;
    private final PreparedImages prepared;
    private final PushedManifests pushed;

    RegistryManifests(RegistryAccess registry, PreparedImages prepared, PushedManifests pushed) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .version(HttpClient.Version.HTTP_1_1)
                .build());
        requests.setReadTimeout(Duration.ofSeconds(30));
        Credential credential = registry.credential();
        this.client = RestClient.builder()
                .baseUrl((registry.insecure() ? "http://" : "https://") + registry.address())
                .requestFactory(requests)
                .defaultHeaders(headers -> {
                    if (credential != null) {
                        headers.setBasicAuth(credential.getUsername(), credential.getPassword());
                    }
                })
                .build();
        this.prepared = prepared;
        this.pushed = pushed;
    }

    /**
     * Deletes a manifest and forgets it; one that is gone already counts as deleted.
     *
     * @throws org.springframework.web.client.RestClientException if the registry does not answer
     * @throws IllegalStateException if it refuses
     */
    public void delete(String repository, String digest) {
        HttpStatusCode status = client.delete()
                .uri("/v2/" + repository + "/manifests/" + digest)
                .exchange((request, response) -> response.getStatusCode());
        if (!status.is2xxSuccessful() && status.value() != 404) {
            throw new IllegalStateException("the registry answered " + status.value() + " to a deletion");
        }
        prepared.forget(repository, digest);
        pushed.forget(repository, digest);
    }
}
