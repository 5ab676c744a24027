package io.containr.project.git;

import io.containr.project.ProjectSettings;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to providers: which address, which API, how long. */
@Component
class ProviderClient {

    private final ProviderHttp http;
    private final ProjectSettings.Git settings;
    private final JsonMapper json;
    private final Clock clock;

    ProviderClient(ProviderHttp http, ProjectSettings settings, JsonMapper json, Clock clock) {
        this.http = http;
        this.settings = settings.git();
        this.json = json;
        this.clock = clock;
    }

    /** The account's name; refuses a token that is no good. */
    String account(ProviderKind kind, @Nullable URI baseUrl, String token) throws ProviderException {
        ProviderApi api = ProviderApi.of(kind);
        return api.account(session(api, kind, baseUrl, token));
    }

    List<GitRepository> repositories(GitProvider provider, String token) throws ProviderException {
        ProviderApi api = ProviderApi.of(provider.kind());
        return api.repositories(session(api, provider.kind(), provider.baseUrl(), token), settings.maxRepositories());
    }

    private ProviderSession session(ProviderApi api, ProviderKind kind, @Nullable URI baseUrl, String token) {
        URI address = baseUrl == null
                ? settings.apis().getOrDefault(kind.word(), kind.cloudApi())
                : URI.create(baseUrl + kind.apiPath());
        return new ProviderSession(http, address, api.headers(token), json, clock, settings.timeout());
    }
}
