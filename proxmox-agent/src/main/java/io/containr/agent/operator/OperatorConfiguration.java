package io.containr.agent.operator;

import io.containr.agent.AgentProperties;
import io.containr.runtime.web.ErrorCode;
import io.containr.runtime.web.ErrorWriter;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Lets operators in, and nobody who is only a user. */
@Configuration(proxyBeanMethods = false)
class OperatorConfiguration {

    @Bean
    OperatorToken operatorToken(AgentProperties properties) throws IOException {
        return OperatorToken.in(properties.operatorTokenFile());
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain operatorSecurity(HttpSecurity http, OperatorToken token, ErrorWriter errors) throws Exception {
        return http.securityMatcher("/actuator/nodes", "/actuator/nodes/**")
                .authorizeHttpRequests(requests -> requests.anyRequest()
                        .access((authentication, context) -> new AuthorizationDecision(
                                token.isIn(context.getRequest().getHeader("Authorization")))))
                .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, e) ->
                                errors.write(request, response, ErrorCode.UNAUTHENTICATED, "Not an operator's token"))
                        .accessDeniedHandler((request, response, e) ->
                                errors.write(request, response, ErrorCode.UNAUTHENTICATED, "Not an operator's token")))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .build();
    }
}
