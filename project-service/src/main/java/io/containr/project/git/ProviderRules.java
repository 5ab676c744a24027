package io.containr.project.git;

import io.containr.project.input.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** What a provider must look like before it is spoken to. */
@Component
class ProviderRules {

    private static final int LONGEST_URL = 500;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    private final ProviderHttp http;

    ProviderRules(ProviderHttp http) {
        this.http = http;
    }

    static String token(String text) {
        String token = text.strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new InvalidValueException("must be 1 to 4096 visible ASCII characters");
        }
        return token;
    }

    /** Where a self-hosted provider is, without a slash at its end and without the path of its API. */
    URI baseUrl(String text, ProviderKind kind) {
        String path = kind.apiPath();
        if (path == null) {
            throw new InvalidValueException("is not for " + kind.title() + ", whose cloud alone speaks this API");
        }
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw malformed();
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("https") || scheme.equals("http");
        if (text.length() > LONGEST_URL
                || !web
                || uri.getHost() == null
                || uri.getRawPath().contains("..")) {
            throw malformed();
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new InvalidValueException("must be the address alone, without user, query or fragment");
        }
        int port = uri.getPort() == -1 ? 80 : uri.getPort();
        if (scheme.equals("http") && !http.allowsPlain(uri.getHost(), port)) {
            throw new InvalidValueException("must be https, so that the token cannot be read on its way");
        }
        String address = uri.toString().replaceFirst("/+$", "");
        return URI.create(address.endsWith(path) ? address.substring(0, address.length() - path.length()) : address);
    }

    private static InvalidValueException malformed() {
        return new InvalidValueException("must be the https address of a Git host");
    }
}
