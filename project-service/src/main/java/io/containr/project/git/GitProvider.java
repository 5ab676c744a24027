package io.containr.project.git;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.UserId;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Git provider as one user reaches it.
 *
 * @param baseUrl where a self-hosted one is; null: the provider's cloud
 * @param account the name the provider knows the token's owner by
 * @param token sealed for this provider ({@link #sealedFor})
 */
record GitProvider(
        GitProviderId id,
        UserId owner,
        ProviderKind kind,
        String name,
        @Nullable URI baseUrl,
        String account,
        Sealed token,
        Instant createdAt) {

    /** What the token is bound to. */
    static String sealedFor(GitProviderId id) {
        return "git-provider/" + id + "/token";
    }

    GitProvider withToken(String newAccount, Sealed newToken) {
        return new GitProvider(id, owner, kind, name, baseUrl, newAccount, newToken, createdAt);
    }

    /** Where its repositories are. */
    URI web() {
        return baseUrl == null ? kind.cloud() : baseUrl;
    }
}
