package io.containr.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(
        properties = "spring.config.name=probe-service",
        classes = ProbeService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TestEnvironment.class)
class ErrorShapeIT {

    private final UserId user = new UserId(UUID.randomUUID());
    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Test
    void openPathNeedsNoToken() throws Exception {
        assertThat(send(request("/open")).statusCode()).isEqualTo(200);
        assertThat(send(request("/actuator/health/readiness")).statusCode()).isEqualTo(200);
        assertThat(send(request("/actuator/prometheus")).body()).contains("containr_outbox_pending");
    }

    @Test
    void requestWithoutOrWithABadTokenIsUnauthenticated() throws Exception {
        for (HttpRequest.Builder request : new HttpRequest.Builder[] {
            request("/me"),
            request("/me").header("Authorization", "Bearer nonsense"),
            request("/me").header("Authorization", "Bearer " + TestTokens.expired(user)),
            request("/me").header("Authorization", "Bearer " + TestTokens.forged(user))
        }) {
            HttpResponse<String> answer = send(request);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"Authentication required\",\"code\":\"UNAUTHENTICATED\",\"details\":{}}");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        }
    }

    @Test
    void tokenTellsWhoItIs() throws Exception {
        assertThat(send(authorised("/me")).body()).isEqualTo("{\"user_id\":\"" + user + "\"}");
    }

    @Test
    void unexpectedFaultShowsAnIncidentAndNothingElse() throws Exception {
        HttpResponse<String> answer = send(authorised("/boom"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains("\"code\":\"INTERNAL\"", "\"incident\":")
                .doesNotContain("secret detail");
    }

    @Test
    void invalidFieldsAreNamedAsTheApiSpellsThem() throws Exception {
        assertThat(post("{\"display_name\":\" \",\"size\":1}").body())
                .contains("\"code\":\"VALIDATION\"", "\"fields\":{\"display_name\":");
        assertThat(post("{\"display_name\":\"a\",\"size\":\"big\"}").body())
                .contains("\"fields\":{\"size\":\"has the wrong type or value\"}");
        assertThat(post("{").body()).contains("\"fields\":{\"body\":\"is not valid JSON\"}");
        assertThat(post("").statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsNotThereIsNotFoundInTheOneShape() throws Exception {
        assertThat(send(authorised("/nowhere")).body()).contains("\"code\":\"NOT_FOUND\"");
        assertThat(send(authorised("/things/" + UUID.randomUUID())).body()).contains("\"error\":\"Thing not found\"");
        assertThat(send(authorised("/things/not-an-id")).statusCode()).isEqualTo(404);
        assertThat(send(authorised("/things")).statusCode()).isEqualTo(405);
    }

    @Test
    void clientThatAsksForProblemDetailsGetsThem() throws Exception {
        HttpResponse<String> answer = send(authorised("/nowhere").header("Accept", "application/problem+json"));

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"type\":\"urn:containr:error:not-found\"", "\"status\":404");
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(authorised("/things")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder authorised(String path) {
        return request(path).header("Authorization", "Bearer " + TestTokens.bearer(user, "ada@example.com"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
