package io.containr.project.git;

import io.containr.project.input.InvalidValueException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which provider's API is spoken. */
public enum ProviderKind {
    GITHUB("GitHub", "https://github.com", "https://api.github.com", "/api/v3"),
    GITLAB("GitLab", "https://gitlab.com", "https://gitlab.com/api/v4", "/api/v4"),
    /** The cloud alone: what can be hosted oneself has another API. */
    BITBUCKET("Bitbucket", "https://bitbucket.org", "https://api.bitbucket.org/2.0", null),
    GITEA("Gitea", "https://gitea.com", "https://gitea.com/api/v1", "/api/v1");

    private final String title;
    private final URI cloud;
    private final URI cloudApi;
    private final @Nullable String apiPath;

    ProviderKind(String title, String cloud, String cloudApi, @Nullable String apiPath) {
        this.title = title;
        this.cloud = URI.create(cloud);
        this.cloudApi = URI.create(cloudApi);
        this.apiPath = apiPath;
    }

    /** @throws InvalidValueException for a word that names none */
    public static ProviderKind of(String word) {
        for (ProviderKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new InvalidValueException("must be one of github, gitlab, bitbucket, gitea");
    }

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As people spell it. */
    public String title() {
        return title;
    }

    URI cloud() {
        return cloud;
    }

    URI cloudApi() {
        return cloudApi;
    }

    /** Where a self-hosted one has its API; null where there are none. */
    @Nullable
    String apiPath() {
        return apiPath;
    }
}
