package io.containr.simulator.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Tickets for users who sign in with a password. Valid for two hours and until this process ends. */
public final class Tickets {

    private static final Duration LIFETIME = Duration.ofHours(2);
    private static final Pattern TICKET = Pattern.compile("PVE:([^:]+):([0-9A-F]{8})::(.+)");

    private final Clock clock;
    private final byte[] key = new byte[32];

    public Tickets(Clock clock) {
        this.clock = clock;
        new SecureRandom().nextBytes(key);
    }

    String issue(String user) {
        String signed = "PVE:" + user + ":" + now();
        return signed + "::" + mac(signed);
    }

    String csrf(String user) {
        String time = now();
        return time + ":" + mac("csrf:" + user + ":" + time);
    }

    Optional<Caller> verify(String ticket) {
        Matcher parts = TICKET.matcher(ticket);
        if (!parts.matches() || !fresh(parts.group(2))) {
            return Optional.empty();
        }
        String signed = "PVE:" + parts.group(1) + ":" + parts.group(2);
        return AccessControl.same(mac(signed), parts.group(3))
                ? Optional.of(new Caller(parts.group(1), null))
                : Optional.empty();
    }

    boolean csrfMatches(Caller caller, @Nullable String csrf) {
        String[] parts = csrf == null ? new String[0] : csrf.split(":", 2);
        return parts.length == 2
                && parts[0].matches("[0-9A-F]{8}")
                && fresh(parts[0])
                && AccessControl.same(mac("csrf:" + caller.user() + ":" + parts[0]), parts[1]);
    }

    private boolean fresh(String hexTime) {
        Instant issued = Instant.ofEpochSecond(HexFormat.fromHexDigitsToLong(hexTime));
        return issued.plus(LIFETIME).isAfter(clock.instant());
    }

    private String now() {
        return "%08X".formatted(clock.instant().getEpochSecond());
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
