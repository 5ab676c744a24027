package io.containr.build;

import io.containr.contracts.build.PreparedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
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

    /** The whole configuration of an image of the platform's registry. */
    public static JsonNode configuration(String repository, String reference) {
        JsonNode manifest = json(get(BuildTestEnvironment.registry(), repository + "/manifests/" + reference));
        String digest = manifest.path("config").path("digest").asString();
        return json(get(BuildTestEnvironment.registry(), repository + "/blobs/" + digest));
    }

    /** What a tag names. */
    public static String digest(String repository, String tag) {
        return get(BuildTestEnvironment.registry(), repository + "/manifests/" + tag)
                .headers()
                .firstValue("Docker-Content-Digest")
                .orElseThrow();
    }

    /** Tags that still name something. */
    public static List<String> tags(String repository) {
        HttpResponse<String> response = get(BuildTestEnvironment.registry(), repository + "/tags/list");
        List<String> tags = new ArrayList<>();
        JsonMapper.shared().readTree(response.body()).path("tags").forEach(tag -> tags.add(tag.asString()));
        return tags.stream().filter(tag -> exists(repository, tag)).toList();
    }

    /** As an operator's clean-up would. */
    public static void delete(String repository, String digest) {
        send(request(BuildTestEnvironment.registry(), repository + "/manifests/" + digest)
                .DELETE()
                .build());
    }

    /** Pushes an index that offers an image of the users' registry for one platform; returns its name. */
    public static String pushIndex(String image, String architecture) {
        String path = image.substring(image.indexOf('/') + 1, image.lastIndexOf(':'));
        HttpResponse<String> manifest = get(BuildTestEnvironment.usersRegistry(), path + "/manifests/1");
        String index = """
                {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[
                 {"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":%d,"digest":"%s",
                  "platform":{"architecture":"%s","os":"linux"}}]}""".formatted(
                        manifest.body().length(),
                        manifest.headers().firstValue("Docker-Content-Digest").orElseThrow(),
                        architecture);
        HttpResponse<String> pushed =
                send(request(BuildTestEnvironment.usersRegistry(), path + "/manifests/" + architecture)
                        .header("Content-Type", "application/vnd.docker.distribution.manifest.list.v2+json")
                        .PUT(HttpRequest.BodyPublishers.ofString(index))
                        .build());
        if (pushed.statusCode() != 201) {
            throw new IllegalStateException("registry answers " + pushed.statusCode() + " " + pushed.body());
        }
        return BuildTestEnvironment.usersRegistry() + "/" + path + ":" + architecture;
    }

    private static JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("registry answers " + response.statusCode());
        }
        return JsonMapper.shared().readTree(response.body());
    }

    private static HttpResponse<String> get(String registry, String path) {
        return send(request(registry, path).build());
    }

    private static HttpRequest.Builder request(String registry, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + registry + "/v2/" + path))
                .header("Accept", MANIFESTS);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
