package io.containr.project.git;

import io.containr.project.git.ProviderException.Reason;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one provider with one token, which together end in time. Knows what the providers' refusals have in common. */
final class ProviderSession {

    private static final Pattern NEXT_LINK = Pattern.compile("<([^>]*)>[^<]*?;\\s*rel=\"?next\"?");

    private final ProviderHttp http;
    private final URI api;
    private final Map<String, String> headers;
    private final JsonMapper json;
    private final Clock clock;
    private final Instant deadline;

    /** @param api without a slash at its end */
    ProviderSession(
            ProviderHttp http, URI api, Map<String, String> headers, JsonMapper json, Clock clock, Duration atMost) {
        this.http = http;
        this.api = api;
        this.headers = headers;
        this.json = json;
        this.clock = clock;
        this.deadline = clock.instant().plus(atMost);
    }

    /** One answer. */
    record Page(JsonNode body, ProviderHttp.Answer answer) {

        /** The address of the next page by the {@code Link} header; null on the last. */
        @Nullable
        String nextLink() {
            String link = answer.header("Link");
            Matcher next = NEXT_LINK.matcher(link == null ? "" : link);
            return next.find() ? next.group(1) : null;
        }
    }

    String address(String path) {
        return api + path;
    }

    /** @param path with its query, below the API's address */
    Page get(String path) throws ProviderException {
        return get(URI.create(api + path));
    }

    /**
     * Items of a list that comes in pages.
     *
     * @param items the array of a page
     * @param next the absolute address of the next page, null on the last
     * @param most further ones are left out
     */
    List<JsonNode> all(String path, Function<Page, JsonNode> items, Function<Page, @Nullable String> next, int most)
            throws ProviderException {
        List<JsonNode> all = new ArrayList<>();
        URI address = URI.create(api + path);
        while (address != null) {
            Page page = get(address);
            JsonNode list = items.apply(page);
            if (!list.isArray()) {
                throw unexpected("no list");
            }
            for (JsonNode item : list) {
                all.add(item);
                if (all.size() == most) {
                    return all;
                }
            }
            address = list.isEmpty() ? null : following(address, next.apply(page));
        }
        return all;
    }

    /** The token goes nowhere but to the host it was given for. */
    private static @Nullable URI following(URI current, @Nullable String next) throws ProviderException {
        if (next == null || next.isBlank()) {
            return null;
        }
        URI address;
        try {
            address = URI.create(next);
        } catch (IllegalArgumentException e) {
            throw unexpected("a malformed next page");
        }
        boolean sameOrigin = current.getScheme().equalsIgnoreCase(address.getScheme())
                && current.getHost().equalsIgnoreCase(address.getHost())
                && current.getPort() == address.getPort();
        if (!sameOrigin || address.equals(current)) {
            throw unexpected("a next page somewhere else");
        }
        return address;
    }

    private Page get(URI address) throws ProviderException {
        Duration left = Duration.between(clock.instant(), deadline);
        if (!left.isPositive()) {
            throw new ProviderException(Reason.UNAVAILABLE, "took too long");
        }
        ProviderHttp.Answer answer;
        try {
            answer = http.get(address, headers, left);
        } catch (IOException e) {
            throw unreachable(e);
        }
        check(answer);
        try {
            return new Page(json.readTree(answer.body()), answer);
        } catch (JacksonException e) {
            throw new ProviderException(Reason.UNEXPECTED_ANSWER, "no JSON", e);
        }
    }

    private void check(ProviderHttp.Answer answer) throws ProviderException {
        int status = answer.status();
        if (status == 429 || status == 403 && saysRateLimit(answer)) {
            throw ProviderException.rateLimited(retryAfter(answer));
        }
        switch (status) {
            case 200 -> {}
            case 401 -> throw new ProviderException(Reason.TOKEN_REFUSED, "token refused");
            case 403 -> throw new ProviderException(Reason.TOKEN_LACKS_PERMISSION, "token lacks permission");
            default -> {
                if (status >= 500) {
                    throw new ProviderException(Reason.UNAVAILABLE, "answered " + status);
                }
                throw unexpected("answered " + status);
            }
        }
    }

    /** GitHub refuses so too; the header or the text tells it from a missing permission. */
    private static boolean saysRateLimit(ProviderHttp.Answer answer) {
        return "0".equals(answer.header("X-RateLimit-Remaining"))
                || answer.header("Retry-After") != null
                || new String(answer.body(), StandardCharsets.UTF_8)
                        .toLowerCase(Locale.ROOT)
                        .contains("rate limit");
    }

    private @Nullable Duration retryAfter(ProviderHttp.Answer answer) {
        String after = answer.header("Retry-After");
        String reset = Objects.requireNonNullElse(
                answer.header("X-RateLimit-Reset"), Objects.requireNonNullElse(answer.header("RateLimit-Reset"), ""));
        try {
            if (after != null && after.matches("\\d{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(after));
            }
            if (after != null) {
                return Duration.between(
                        clock.instant(),
                        ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            }
            return reset.matches("\\d{1,12}")
                    ? Duration.between(clock.instant(), Instant.ofEpochSecond(Long.parseLong(reset)))
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static ProviderException unreachable(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ForbiddenDestinationException) {
                return new ProviderException(Reason.FORBIDDEN_HOST, "host is not public", e);
            }
        }
        return new ProviderException(Reason.UNAVAILABLE, "no answer", e);
    }

    static ProviderException unexpected(String what) {
        return new ProviderException(Reason.UNEXPECTED_ANSWER, what);
    }
}
