package io.containr.project.git;

import io.containr.contracts.ids.UserId;
import io.containr.project.ProjectSettings;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/** What users do with their Git providers: a provider exists for its owner alone, and its token is never shown. */
@Component
public class GitProviderCatalog {

    private static final Logger log = LoggerFactory.getLogger(GitProviderCatalog.class);

    private final GitProviders providers;
    private final ProviderClient client;
    private final SecretBox box;
    private final List<GitProviderUse> uses;
    private final ProjectSettings.Git settings;
    private final TransactionOperations transaction;
    private final Clock clock;

    GitProviderCatalog(
            GitProviders providers,
            ProviderClient client,
            SecretBox box,
            List<GitProviderUse> uses,
            ProjectSettings settings,
            TransactionOperations transaction,
            Clock clock) {
        this.providers = providers;
        this.client = client;
        this.box = box;
        this.uses = uses;
        this.settings = settings.git();
        this.transaction = transaction;
        this.clock = clock;
    }

    List<GitProvider> list(Actor actor) {
        return providers.ownedBy(actor.id());
    }

    /** @throws ApiException NOT_FOUND if there is none that the actor may see */
    GitProvider get(GitProviderId id, Actor actor) {
        return providers.find(id, actor.id()).orElseThrow(GitProviderCatalog::notFound);
    }

    /** @throws ApiException VALIDATION where the token is no good, CONFLICT at the limit, RATE_LIMITED, DEPENDENCY_UNAVAILABLE */
    GitProvider add(ProviderKind kind, String name, @Nullable URI baseUrl, String token, Actor actor) {
        refuseAtLimit(actor.id());
        String account = account(kind, baseUrl, token);
        GitProviderId id = new GitProviderId(Ids.next());
        GitProvider provider = new GitProvider(
                id,
                actor.id(),
                kind,
                name,
                baseUrl,
                account,
                box.seal(token, GitProvider.sealedFor(id)),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        transaction.executeWithoutResult(status -> {
            providers.lockOwner(actor.id());
            refuseAtLimit(actor.id());
            providers.insert(provider);
        });
        return provider;
    }

    private String account(ProviderKind kind, @Nullable URI baseUrl, String token) {
        try {
            return client.account(kind, baseUrl, token);
        } catch (ProviderException e) {
            throw cannotAdd(e, kind, baseUrl);
        }
    }

    /**
     * Takes another token for a provider, once the provider has accepted it, wherever the old one was used.
     *
     * @throws ApiException NOT_FOUND if there is none that the actor may see, and as {@link #add}
     */
    GitProvider replaceToken(GitProviderId id, String token, Actor actor) {
        GitProvider before = get(id, actor);
        GitProvider after = before.withToken(
                account(before.kind(), before.baseUrl(), token), box.seal(token, GitProvider.sealedFor(id)));
        transaction.executeWithoutResult(status -> {
            providers.lockOwner(actor.id());
            if (!providers.update(after)) {
                throw notFound();
            }
            uses.forEach(use -> use.tokenReplaced(id, actor.id()));
        });
        return after;
    }

    private void refuseAtLimit(UserId owner) {
        if (providers.ownedBy(owner).size() >= settings.providersPerOwner()) {
            throw ApiException.conflict(
                    "You have reached the limit of " + settings.providersPerOwner() + " Git providers");
        }
    }

    /** @throws ApiException NOT_FOUND, CONFLICT where the token is no longer good, RATE_LIMITED, DEPENDENCY_UNAVAILABLE */
    List<GitRepository> repositories(GitProviderId id, Actor actor) {
        GitProvider provider = get(id, actor);
        try {
            return client.repositories(provider, token(provider));
        } catch (ProviderException e) {
            throw cannotList(e, provider);
        }
    }

    /**
     * Forgets the provider and its token, wherever that was used.
     *
     * @throws ApiException NOT_FOUND if there is none that the actor may see
     */
    @Transactional
    public void delete(GitProviderId id, Actor actor) {
        providers.lockOwner(actor.id());
        if (!providers.delete(id, actor.id())) {
            throw notFound();
        }
        uses.forEach(use -> use.providerDeleted(id, actor.id()));
    }

    /** What fetches from one host, in clear. */
    public record CloneAccess(URI web, String username, String password) {

        @Override
        public String toString() {
            return "CloneAccess[" + web + "]";
        }
    }

    /**
     * None of the owner's providers is changed or deleted until the end of the transaction. Who locks services as well does so
     * afterwards, because that is how changes of a provider go about it.
     */
    @Transactional
    public void hold(UserId owner) {
        providers.shareOwner(owner);
    }

    /** How to clone from the provider; empty if the user has no such provider. */
    public Optional<CloneAccess> access(GitProviderId id, UserId owner) {
        return providers.find(id, owner).map(provider -> {
            ProviderApi.CloneLogin login =
                    ProviderApi.of(provider.kind()).cloneLogin(provider.account(), token(provider));
            return new CloneAccess(provider.web(), login.username(), login.password());
        });
    }

    private String token(GitProvider provider) {
        return box.open(provider.token(), GitProvider.sealedFor(provider.id()));
    }

    private static ApiException cannotAdd(ProviderException e, ProviderKind kind, @Nullable URI baseUrl) {
        return switch (e.reason()) {
            case TOKEN_REFUSED -> ApiException.invalid("access_token", "was refused by " + kind.title());
            case TOKEN_LACKS_PERMISSION ->
                ApiException.invalid(
                        "access_token", "lacks the permission to read the user and repositories at " + kind.title());
            case FORBIDDEN_HOST ->
                ApiException.invalid("base_url", "must lead to a public address, unless an operator allows its host");
            case UNEXPECTED_ANSWER -> {
                if (baseUrl == null) {
                    throw unavailable(e, kind);
                }
                yield ApiException.invalid("base_url", "does not answer as the API of a " + kind.title());
            }
            case RATE_LIMITED -> rateLimited(e, kind);
            case UNAVAILABLE -> unavailable(e, kind);
        };
    }

    private static ApiException cannotList(ProviderException e, GitProvider provider) {
        ProviderKind kind = provider.kind();
        return switch (e.reason()) {
            case TOKEN_REFUSED ->
                ApiException.conflict(
                        kind.title()
                                + " refuses the token: it has expired or was revoked. Give the provider another one",
                        Map.of("reason", "token_refused"));
            case TOKEN_LACKS_PERMISSION ->
                ApiException.conflict(
                        "The token lacks the permission to list repositories at " + kind.title(),
                        Map.of("reason", "token_lacks_permission"));
            case RATE_LIMITED -> rateLimited(e, kind);
            case UNEXPECTED_ANSWER, FORBIDDEN_HOST, UNAVAILABLE -> unavailable(e, kind);
        };
    }

    private static ApiException rateLimited(ProviderException e, ProviderKind kind) {
        return ApiException.rateLimited(kind.title() + " allows no more requests for now", e.retryAfter());
    }

    private static ApiException unavailable(ProviderException e, ProviderKind kind) {
        log.info("{} cannot be asked: {}, {}", kind.title(), e.getMessage(), String.valueOf(e.getCause()));
        return ApiException.unavailable(kind.title() + " does not answer as it should, try again later");
    }

    private static ApiException notFound() {
        return ApiException.notFound("Git provider");
    }
}
