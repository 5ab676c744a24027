package io.containr.auth.keycloak;

import io.containr.auth.AuthProperties;
import java.net.http.HttpClient;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** Two clients of one Keycloak: as the API, users log in through it; as auth-service itself, it keeps them. */
@Configuration(proxyBeanMethods = false)
class KeycloakConfiguration {

    static final String API_CLIENT = "containr-api";
    static final String SERVICE_CLIENT = "containr-auth-service";

    /** Nobody in particular: the token of the service account is the same whoever the request speaks for. */
    private static final Authentication SERVICE = new AnonymousAuthenticationToken(
            SERVICE_CLIENT, SERVICE_CLIENT, AuthorityUtils.createAuthorityList("SERVICE"));

    @Bean
    KeycloakTokens keycloakTokens(RestClient.Builder builder, AuthProperties properties) {
        AuthProperties.Keycloak keycloak = properties.keycloak();
        RestClient client = builder.clone()
                .requestFactory(requests(keycloak))
                .baseUrl(realm(keycloak) + "/protocol/openid-connect")
                .build();
        return new KeycloakTokens(client, keycloak.apiClientSecret());
    }

    @Bean
    KeycloakUsers keycloakUsers(RestClient.Builder builder, AuthProperties properties) {
        AuthProperties.Keycloak keycloak = properties.keycloak();
        RestClient client = builder.clone()
                .requestFactory(requests(keycloak))
                .requestInterceptor(serviceToken(keycloak))
                .baseUrl(keycloak.url() + "/admin/realms/" + keycloak.realm() + "/users")
                .build();
        return new KeycloakUsers(client);
    }

    @Bean
    KeycloakHealthIndicator keycloakHealthIndicator(RestClient.Builder builder, AuthProperties properties) {
        AuthProperties.Keycloak keycloak = properties.keycloak();
        return new KeycloakHealthIndicator(builder.clone()
                .requestFactory(requests(keycloak))
                .baseUrl(realm(keycloak))
                .build());
    }

    private static OAuth2ClientHttpRequestInterceptor serviceToken(AuthProperties.Keycloak keycloak) {
        ClientRegistration registration = ClientRegistration.withRegistrationId(SERVICE_CLIENT)
                .clientId(SERVICE_CLIENT)
                .clientSecret(keycloak.serviceClientSecret())
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenUri(realm(keycloak) + "/protocol/openid-connect/token")
                .build();
        InMemoryClientRegistrationRepository registrations = new InMemoryClientRegistrationRepository(registration);
        InMemoryOAuth2AuthorizedClientService tokens = new InMemoryOAuth2AuthorizedClientService(registrations);
        RestClientClientCredentialsTokenResponseClient endpoint = new RestClientClientCredentialsTokenResponseClient();
        endpoint.setRestClient(RestClient.builder()
                .requestFactory(requests(keycloak))
                .messageConverters(
                        List.of(new FormHttpMessageConverter(), new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        AuthorizedClientServiceOAuth2AuthorizedClientManager manager =
                new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, tokens);
        manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
                .clientCredentials(grant -> grant.accessTokenResponseClient(endpoint))
                .build());
        OAuth2ClientHttpRequestInterceptor interceptor = new OAuth2ClientHttpRequestInterceptor(manager);
        interceptor.setClientRegistrationIdResolver(request -> SERVICE_CLIENT);
        interceptor.setPrincipalResolver(request -> SERVICE);
        interceptor.setAuthorizationFailureHandler(
                OAuth2ClientHttpRequestInterceptor.authorizationFailureHandler(tokens));
        return interceptor;
    }

    private static String realm(AuthProperties.Keycloak keycloak) {
        return keycloak.url() + "/realms/" + keycloak.realm();
    }

    private static ClientHttpRequestFactory requests(AuthProperties.Keycloak keycloak) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(keycloak.connectTimeout())
                .build());
        requests.setReadTimeout(keycloak.readTimeout());
        return requests;
    }
}
