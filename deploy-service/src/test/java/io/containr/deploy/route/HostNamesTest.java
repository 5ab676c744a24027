package io.containr.deploy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {

    @ParameterizedTest
    @CsvSource({
        "web, shop, 1, web-shop",
        "web, shop, 2, web-shop-2",
        "Web API!, Größe & Maß, 1, web-api-gro-e-ma",
        "-a--b-, c_d, 1, a-b-c-d",
        "日本, 本, 1, app-app"
    })
    void aLabelIsMadeOfBothNames(String service, String project, int attempt, String label) {
        assertThat(HostNames.label(service, project, attempt)).isEqualTo(label);
    }

    @Test
    void longNamesShareTheRoomAndShortOnesLeaveItToTheOther() {
        String both = HostNames.label("s".repeat(100), "p".repeat(100), 99_999);
        assertThat(both)
                .hasSizeLessThanOrEqualTo(63)
                .startsWith("s".repeat(28) + "-p")
                .endsWith("-99999");
        assertThat(HostNames.label("web", "p".repeat(100), 1)).startsWith("web-" + "p".repeat(50));
        assertThat(HostNames.label("s".repeat(100), "shop", 1))
                .startsWith("s".repeat(50))
                .endsWith("-shop");
    }
}
