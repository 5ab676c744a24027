package io.containr.runtime.calls;

import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Calls another service in the name of the user whose request is being answered: with the user's own token, so that it decides by its own
 * rules, and with the request's origin, so that what it records names the user's address and not ours.
 *
 * <p>Internal paths are meant: the gateway routes nothing below {@code /internal}.
 */
public final class ServiceCalls {

    private static final Logger log = LoggerFactory.getLogger(ServiceCalls.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final String service;
    private final String resources;
    private final RestClient client;

    /**
     * @param service as logs name it
     * @param resources what it keeps, as users name it, capitalised: "Projects"
     * @param uri where it listens
     * @param patience for one answer
     */
    public ServiceCalls(String service, String resources, URI uri, Duration patience) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .build());
        requests.setReadTimeout(patience);
        this.service = service;
        this.resources = resources;
        this.client = RestClient.builder().baseUrl(uri).requestFactory(requests).build();
    }

    /** @throws ApiException DEPENDENCY_UNAVAILABLE where no answer comes */
    public Answer get(String path, Actor actor) {
        return answer(client.get().uri(path), actor);
    }

    /**
     * @param json the body
     * @param idempotencyKey of the user's request, so that its repetition repeats this call; null where it has none
     * @throws ApiException DEPENDENCY_UNAVAILABLE where no answer comes; it may have taken effect all the same
     */
    public Answer post(String path, byte[] json, @Nullable String idempotencyKey, Actor actor) {
        RestClient.RequestBodySpec request =
                client.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(json);
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return answer(request, actor);
    }

    /** The refusal of a request whose call was answered by what nobody here can act on; logs it. */
    public ApiException unavailable(Answer answer) {
        log.warn("{} answers {} to {}", service, answer.status(), answer.path());
        return unavailable();
    }

    private Answer answer(RestClient.RequestHeadersSpec<?> request, Actor actor) {
        try {
            return request.headers(headers -> introduce(headers, actor))
                    .exchange((sent, response) -> new Answer(
                            sent.getURI().getPath(),
                            response.getStatusCode().value(),
                            response.getHeaders().containsHeader(HttpHeaders.RETRY_AFTER),
                            response.getBody().readAllBytes()));
        } catch (RestClientException e) {
            log.warn("{} cannot be asked", service, e);
            throw unavailable();
        }
    }

    private static void introduce(HttpHeaders headers, Actor actor) {
        headers.setBearerAuth(actor.token());
        Origin origin = Origins.current();
        headers.set("X-Request-Id", origin.correlationId().toString());
        if (origin.sourceIp() != null) {
            headers.set("X-Forwarded-For", origin.sourceIp());
        }
        if (origin.userAgent() != null) {
            headers.set(HttpHeaders.USER_AGENT, origin.userAgent());
        }
    }

    private ApiException unavailable() {
        return ApiException.unavailable(resources + " are unavailable, try again");
    }

    /**
     * What came back.
     *
     * @param path that was asked
     * @param again whether it says when to ask again, as a refusal that passes does
     * @param body as it came, empty where there was none
     */
    public record Answer(String path, int status, boolean again, byte[] body) {}
}
