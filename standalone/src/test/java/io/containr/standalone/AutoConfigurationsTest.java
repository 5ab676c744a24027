package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every service shares one class path here. That changes none of them as long as all auto-configurations come with the
 * runtime, which each of them has alone as well.
 */
class AutoConfigurationsTest {

    private static final String LIST =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    /** What containr-runtime brings along; something else here is one service's, and configures all the others. */
    private static final Set<String> OF_THE_RUNTIME = Set.of(
            "containr-runtime",
            "spring-boot-actuator-autoconfigure",
            "spring-boot-autoconfigure",
            "spring-boot-flyway",
            "spring-boot-health",
            "spring-boot-http-client",
            "spring-boot-http-converter",
            "spring-boot-jackson",
            "spring-boot-jdbc",
            "spring-boot-kafka",
            "spring-boot-micrometer-metrics",
            "spring-boot-micrometer-observation",
            "spring-boot-persistence",
            "spring-boot-restclient",
            "spring-boot-security",
            "spring-boot-security-oauth2-resource-server",
            "spring-boot-servlet",
            "spring-boot-tomcat",
            "spring-boot-transaction",
            "spring-boot-validation",
            "spring-boot-webmvc");

    private static final Pattern LIBRARY = Pattern.compile("/([a-z0-9.-]+?)(-\\d[^/]*)?\\.jar!");

    @Test
    void allComeWithTheRuntime() throws IOException {
        Set<String> libraries = new TreeSet<>();
        for (URL list : Collections.list(getClass().getClassLoader().getResources(LIST))) {
            String library = library(list.toString());
            if (!library.startsWith("spring-boot-test")) {
                libraries.add(library);
            }
        }

        assertThat(libraries).isEqualTo(OF_THE_RUNTIME);
    }

    private static String library(String url) {
        Matcher matcher = LIBRARY.matcher(url);
        if (matcher.find()) {
            return matcher.group(1);
        }
        return url.contains("/platform/runtime/") ? "containr-runtime" : url;
    }
}
