package io.containr.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.containr.gateway.GatewaySettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.util.unit.DataSize;

class VisitsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "192.168.1.5", "[::1]:8080", "api.example.org."
            })
    void knowsTheHostsOfTheApi(String host) {
        assertThat(visit(List.of(), "10.0.0.9", "Host", host).api()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "web-shop.apps.localhost:8080, web-shop.apps.localhost",
        "Shop.Example.ORG, shop.example.org",
        "shop.example.org., shop.example.org"
    })
    void everyOtherHostIsAnApplications(String authority, String host) {
        Visit visit = visit(List.of(), "10.0.0.9", "Host", authority);

        assertThat(visit.api()).isFalse();
        assertThat(visit.host()).isEqualTo(host);
        assertThat(visit.authority()).isEqualTo(authority);
    }

    @Test
    void whatAStrangerSaysAboutForwardingIsNotBelieved() {
        Visit visit = visit(
                List.of(),
                "10.0.0.9",
                "Host",
                "a.example.org",
                "X-Forwarded-For",
                "1.2.3.4",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "localhost");

        assertThat(visit.client()).isEqualTo("10.0.0.9");
        assertThat(visit.scheme()).isEqualTo("http");
        assertThat(visit.api()).isFalse();
    }

    @Test
    void aTrustedProxyIsBelievedUpToTheLastStranger() {
        Visit visit = visit(
                List.of("10.0.0.0/8"),
                "10.0.0.9",
                "Host",
                "inner",
                "X-Forwarded-For",
                "6.6.6.6, 1.2.3.4, 10.0.0.7",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "a.example.org");

        assertThat(visit.client()).isEqualTo("1.2.3.4");
        assertThat(visit.scheme()).isEqualTo("https");
        assertThat(visit.host()).isEqualTo("a.example.org");
    }

    @Test
    void aRequestIdIsKeptOnlyIfItIsOne() {
        String id = "01890a5d-ac96-774b-bcce-b302099a8057";

        assertThat(visit(List.of(), "10.0.0.9", "X-Request-Id", id).id()).hasToString(id);
        assertThat(visit(List.of(), "10.0.0.9", "X-Request-Id", "<script>").id().version())
                .isEqualTo(7);
    }

    @Test
    void networksAreBlocksOrAddressesOfEitherVersion() {
        Networks networks = Networks.of(List.of("10.0.0.0/8", "192.168.1.1", "fd00::/8"));

        assertThat(List.of("10.255.0.1", "192.168.1.1", "fd12::1")).allMatch(networks::contains);
        assertThat(List.of("11.0.0.1", "192.168.1.2", "fe80::1", "unknown")).noneMatch(networks::contains);
        assertThatIllegalArgumentException().isThrownBy(() -> Networks.of(List.of("everywhere")));
    }

    private static Visit visit(List<String> trusted, String peer, String... headers) {
        MockServerHttpRequest.BaseBuilder<?> request =
                MockServerHttpRequest.get("/").remoteAddress(new InetSocketAddress(peer, 1234));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return new Visits(settings(trusted)).read(request.build());
    }

    private static GatewaySettings settings(List<String> trusted) {
        GatewaySettings.Limit limit = new GatewaySettings.Limit(1, Duration.ofSeconds(1), 1);
        return new GatewaySettings(
                Path.of("unused"),
                null,
                "test",
                Set.of("localhost", "api.example.org"),
                trusted,
                Duration.ofSeconds(60),
                new GatewaySettings.Routes(Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ZERO),
                new GatewaySettings.Applications(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        null,
                        DataSize.ofMegabytes(16)),
                new GatewaySettings.Api(
                        Duration.ofSeconds(30),
                        DataSize.ofMegabytes(10),
                        List.of(),
                        new GatewaySettings.RateLimits(List.of(), limit, limit, limit)));
    }
}
