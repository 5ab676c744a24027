package io.containr.project.services;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.project.git.GitProviderCatalog;
import io.containr.project.git.GitProviderCatalog.CloneAccess;
import io.containr.project.git.GitProviderId;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.web.ApiException;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals a Git provider's token for a service that is fetched with it: only for a repository at that provider's own host. */
@Component
class CloneCredentials {

    static final String NOT_YOURS = "is none of your Git providers";

    private static final String FIELD = "source.git_provider_id";

    private final GitProviderCatalog providers;
    private final SecretBox box;

    CloneCredentials(GitProviderCatalog providers, SecretBox box) {
        this.providers = providers;
        this.box = box;
    }

    /**
     * What the service's repository is fetched with; null: nothing. What stays the same stays sealed as it is.
     *
     * @param before null: the service is new
     * @throws ApiException VALIDATION if the provider is not the owner's or has another host
     */
    @Nullable
    GitCredential of(ServiceId id, UserId owner, Definition definition, @Nullable Service before) {
        GitProviderId provider = definition.gitProvider();
        if (provider == null) {
            return null;
        }
        if (before != null
                && before.gitCredential() != null
                && provider.equals(before.definition().gitProvider())
                && Objects.equals(definition.source(), before.definition().source())) {
            return before.gitCredential();
        }
        return fresh(id, owner, definition, provider);
    }

    /** What a service is fetched with once its provider has another token. */
    GitCredential renewed(Service service, GitProviderId provider) {
        return fresh(service.id(), service.project().owner(), service.definition(), provider);
    }

    /** See {@link GitProviderCatalog#hold}. */
    void hold(UserId owner) {
        providers.hold(owner);
    }

    private GitCredential fresh(ServiceId id, UserId owner, Definition definition, GitProviderId provider) {
        CloneAccess access =
                providers.access(provider, owner).orElseThrow(() -> ApiException.invalid(FIELD, NOT_YOURS));
        if (!isAt(definition.source(), access.web())) {
            throw ApiException.invalid(
                    FIELD, "is at another address than the repository, which must begin with " + origin(access.web()));
        }
        return new GitCredential(
                access.username(), box.seal(access.password(), ServiceSpec.sealedFor(id, GitCredential.NAME)));
    }

    private static boolean isAt(@Nullable ServiceSource source, URI web) {
        String repository = source == null || source.type() == ServiceSource.Type.IMAGE ? null : source.repository();
        if (repository == null || !repository.contains("://")) {
            return false;
        }
        String found = origin(URI.create(repository));
        return found != null && found.equals(origin(web));
    }

    /** Scheme, host and port, as they are compared; null for what is not fetched over HTTP. */
    private static @Nullable String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !scheme.equals("https") && !scheme.equals("http")) {
            return null;
        }
        boolean usual = uri.getPort() == -1 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + uri.getPort());
    }
}
