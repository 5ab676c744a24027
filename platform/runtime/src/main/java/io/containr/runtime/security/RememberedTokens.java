package io.containr.runtime.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Remembers for a moment which tokens were good, since a client sends the same one with each of its requests. What a token says of its
 * times, its issuer and its audience is checked each time; only its signature is not.
 */
final class RememberedTokens implements JwtDecoder {

    private static final int MOST = 1_000;

    private final JwtDecoder decoder;
    private final OAuth2TokenValidator<Jwt> validator;
    private final Cache<String, Jwt> good;

    /**
     * @param validator what the decoder itself asks, too
     * @param time how long a key that is withdrawn goes on being good for the tokens that it signed
     */
    RememberedTokens(JwtDecoder decoder, OAuth2TokenValidator<Jwt> validator, Duration time, Ticker ticker) {
        this.decoder = decoder;
        this.validator = validator;
        this.good = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(time)
                .ticker(ticker)
                .build();
    }

    /** @throws JwtException if it is not good */
    @Override
    public Jwt decode(String token) {
        Jwt known = good.getIfPresent(token);
        if (known != null && !validator.validate(known).hasErrors()) {
            return known;
        }
        good.invalidate(token);
        Jwt decoded = decoder.decode(token);
        good.put(token, decoded);
        return decoded;
    }
}
