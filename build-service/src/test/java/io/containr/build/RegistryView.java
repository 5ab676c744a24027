package io.containr.build;

import io.containr.contracts.build.PreparedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks into a registry as any client may. */
public final class RegistryView {

    private static final String MANIFESTS =
            "application/vnd.docker.distribution.manifest.v2+json," + "application/vnd.oci.image.manifest.v1+json";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private RegistryView() {}

    public static boolean exists(String repository, String reference) {
        return get(BuildTestEnvironment.registry(), repository + "/manifests/" + reference)
                        .statusCode()
                == 200;
    }

    /** The whole configuration of a prepared image. */
    public static JsonNode configuration(PreparedImage image) {
        String[] parts = image.repository().split("/", 2);
        JsonNode manifest = json(get(parts[0], parts[1] + "/manifests/" + image.tag()));
        String digest = manifest.path("config").path("digest").asString();
        return json(get(parts[0], parts[1] + "/blobs/" + digest));
    }

    private static JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("registry answers " + response.statusCode());
        }
        return JsonMapper.shared().readTree(response.body());
    }

    private static HttpResponse<String> get(String registry, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + registry + "/v2/" + path))
                    .header("Accept", MANIFESTS)
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
