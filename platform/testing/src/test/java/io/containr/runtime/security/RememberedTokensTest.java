package io.containr.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;

class RememberedTokensTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> checked = new ArrayList<>();
    private final JwtTimestampValidator times = new JwtTimestampValidator(Duration.ZERO);
    private final RememberedTokens tokens = new RememberedTokens(this::check, times, Duration.ofMinutes(1), nanos::get);

    private Jwt check(String token) {
        checked.add(token);
        Jwt jwt = Jwt.withTokenValue(token)
                .header("alg", "RS256")
                .expiresAt(START.plusSeconds(30))
                .build();
        if (!token.startsWith("good") || times.validate(jwt).hasErrors()) {
            throw new BadJwtException("no");
        }
        return jwt;
    }

    private void at(Duration since) {
        times.setClock(Clock.fixed(START.plus(since), ZoneOffset.UTC));
    }

    @Test
    void aGoodTokenIsCheckedOnceAMinute() {
        at(Duration.ZERO);
        assertThat(tokens.decode("good").getTokenValue()).isEqualTo("good");
        assertThat(tokens.decode("good").getTokenValue()).isEqualTo("good");
        assertThat(tokens.decode("good too").getTokenValue()).isEqualTo("good too");
        assertThat(checked).containsExactly("good", "good too");

        nanos.set(Duration.ofSeconds(61).toNanos());
        tokens.decode("good");
        assertThat(checked).containsExactly("good", "good too", "good");
    }

    @Test
    void oneThatRunsOutMeanwhileIsRefused() {
        at(Duration.ZERO);
        tokens.decode("good");
        at(Duration.ofSeconds(31));

        assertThatThrownBy(() -> tokens.decode("good")).isInstanceOf(BadJwtException.class);
        assertThatThrownBy(() -> tokens.decode("good")).isInstanceOf(BadJwtException.class);
    }

    @Test
    void aBadOneIsCheckedEachTime() {
        at(Duration.ZERO);
        assertThatThrownBy(() -> tokens.decode("bad")).isInstanceOf(BadJwtException.class);
        assertThatThrownBy(() -> tokens.decode("bad")).isInstanceOf(BadJwtException.class);
        assertThat(checked).containsExactly("bad", "bad");
    }
}
