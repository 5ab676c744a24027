package io.containr.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.auth.registration.RegistrationMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class AuthPropertiesTest {

    private final ApplicationContextRunner complete = new ApplicationContextRunner()
            .withUserConfiguration(Settings.class)
            .withPropertyValues(
                    "containr.auth.keycloak.url=http://127.0.0.1:8110",
                    "containr.auth.keycloak.realm=containr",
                    "containr.auth.keycloak.api-client-secret=first secret",
                    "containr.auth.keycloak.service-client-secret=second secret");

    @Test
    void whatIsNotSetHasItsDefault() {
        complete.run(context -> {
            AuthProperties properties = context.getBean(AuthProperties.class);
            assertThat(properties.registrationMode()).isEqualTo(RegistrationMode.CLOSED);
            assertThat(properties.invitationLifetime()).isEqualTo(Duration.ofDays(7));
            assertThat(properties.invitationsPerUser()).isEqualTo(50);
            assertThat(properties.concurrentLogins()).isEqualTo(8);
            assertThat(properties.keycloak().connectTimeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(properties.keycloak().readTimeout()).isEqualTo(Duration.ofSeconds(10));
        });
    }

    @Test
    void registrationIsOpenWhereOnlyThisMachineReachesTheGateway() {
        complete.withPropertyValues("containr.auth.gateway-on-loopback=true")
                .run(context -> assertThat(context.getBean(AuthProperties.class).registrationMode())
                        .isEqualTo(RegistrationMode.OPEN));
    }

    @Test
    void modeThatIsSetWins() {
        complete.withPropertyValues("containr.auth.gateway-on-loopback=true", "containr.auth.registration=invite")
                .run(context -> assertThat(context.getBean(AuthProperties.class).registrationMode())
                        .isEqualTo(RegistrationMode.INVITE));
    }

    @Test
    void unknownOrMissingOrSenselessSettingIsRefused() {
        complete.withPropertyValues("containr.auth.registraton=open")
                .run(context -> assertThat(context).hasFailed());
        complete.withPropertyValues("containr.auth.keycloak.api-client-secret=")
                .run(context -> assertThat(context).hasFailed());
        complete.withPropertyValues("containr.auth.concurrent-logins=0")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void secretsAreNotPrinted() {
        complete.run(context ->
                assertThat(context.getBean(AuthProperties.class).toString()).doesNotContain("secret"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(AuthProperties.class)
    static class Settings {}
}
