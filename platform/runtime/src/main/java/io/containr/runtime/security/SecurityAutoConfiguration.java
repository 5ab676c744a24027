package io.containr.runtime.security;

import io.containr.runtime.web.ErrorCode;
import io.containr.runtime.web.ErrorWriter;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Every service checks the token itself; nothing but health, metrics and {@link OpenPaths} answers without one. */
@AutoConfiguration(before = {OAuth2ResourceServerAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@Import(TokenChecks.class)
public class SecurityAutoConfiguration {

    private static final List<String> ALWAYS_OPEN =
            List.of("/actuator/health/**", "/actuator/health", "/actuator/info", "/actuator/prometheus", "/error");

    @Bean
    SecurityFilterChain apiSecurity(HttpSecurity http, List<OpenPaths> open, ErrorWriter errors) throws Exception {
        String[] openPatterns = Stream.concat(
                        ALWAYS_OPEN.stream(), open.stream().flatMap(paths -> paths.patterns().stream()))
                .toArray(String[]::new);
        AuthenticationEntryPoint noToken = (request, response, e) ->
                errors.write(request, response, ErrorCode.UNAUTHENTICATED, "Authentication required");
        AccessDeniedHandler notAllowed =
                (request, response, e) -> errors.write(request, response, ErrorCode.FORBIDDEN, "Not allowed");
        AuthenticationFailureHandler unchecked = (request, response, e) -> {
            if (e instanceof AuthenticationServiceException) {
                errors.write(request, response, ErrorCode.DEPENDENCY_UNAVAILABLE, "Cannot check the token, try again");
            } else {
                noToken.commence(request, response, e);
            }
        };
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(openPatterns)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(jwt -> {})
                        .authenticationEntryPoint(noToken)
                        .accessDeniedHandler(notAllowed)
                        .withObjectPostProcessor(failingWith(unchecked)))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(noToken).accessDeniedHandler(notAllowed))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .build();
    }

    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> failingWith(
            AuthenticationFailureHandler handler) {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                filter.setAuthenticationFailureHandler(handler);
                return filter;
            }
        };
    }
}
