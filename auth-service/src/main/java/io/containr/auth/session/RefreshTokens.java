package io.containr.auth.session;

import com.nimbusds.jwt.JWTParser;
import io.containr.contracts.ids.UserId;
import java.text.ParseException;
import java.util.Optional;

/** Reads refresh tokens, which only Keycloak can verify. */
final class RefreshTokens {

    private RefreshTokens() {}

    /** Whose it says it is; believe it only after Keycloak accepted the token. */
    static Optional<UserId> subject(String refreshToken) {
        try {
            return Optional.ofNullable(
                            JWTParser.parse(refreshToken).getJWTClaimsSet().getSubject())
                    .map(UserId::of);
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
