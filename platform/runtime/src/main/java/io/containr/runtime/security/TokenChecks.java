package io.containr.runtime.security;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * How tokens are checked: signature by the issuer's published keys, times, and issuer and audience where the settings name
 * them. Keys once fetched stay good for a day while the issuer is away, so that its restart stops no request; Spring Boot's
 * own decoder forgets them after five minutes.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
@ConditionalOnProperty("spring.security.oauth2.resourceserver.jwt.jwk-set-uri")
@ConditionalOnMissingBean(JwtDecoder.class)
class TokenChecks {

    private static final Duration FETCH = Duration.ofSeconds(2);
    private static final Duration OUTAGE = Duration.ofDays(1);
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int LARGEST_KEY_SET = 256 * 1024;

    @Bean
    JWKSource<SecurityContext> tokenKeys(
            OAuth2ResourceServerProperties properties,
            @Value("${containr.tokens.fetch-keys-after:5m}") Duration fetchAfter)
            throws MalformedURLException {
        int timeout = Math.toIntExact(FETCH.toMillis());
        return JWKSourceBuilder.create(
                        URI.create(properties.getJwt().getJwkSetUri()).toURL(),
                        new DefaultResourceRetriever(timeout, timeout, LARGEST_KEY_SET))
                .refreshAheadCache(false)
                .rateLimited(false)
                .cache(fetchAfter.toMillis(), FETCH.multipliedBy(3).toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
    }

    @Bean
    JwtDecoder tokenDecoder(
            JWKSource<SecurityContext> keys,
            OAuth2ResourceServerProperties properties,
            @Value("${containr.tokens.fetch-keys-after:5m}") Duration fetchAfter) {
        OAuth2TokenValidator<Jwt> validator = new DelegatingOAuth2TokenValidator<>(validators(properties.getJwt()));
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys).build();
        decoder.setJwtValidator(validator);
        Duration time = fetchAfter.compareTo(REMEMBERED) < 0 ? fetchAfter : REMEMBERED;
        return new RememberedTokens(decoder, validator, time, Ticker.systemTicker());
    }

    private static List<OAuth2TokenValidator<Jwt>> validators(OAuth2ResourceServerProperties.Jwt settings) {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        validators.add(JwtValidators.createDefault());
        if (settings.getIssuerUri() != null) {
            validators.add(new JwtIssuerValidator(settings.getIssuerUri()));
        }
        List<String> audiences = settings.getAudiences();
        if (!audiences.isEmpty()) {
            validators.add(new JwtClaimValidator<List<String>>(
                    JwtClaimNames.AUD, named -> named != null && !Collections.disjoint(named, audiences)));
        }
        return validators;
    }
}
