package io.containr.project.git;

import io.containr.project.input.Problems;
import io.containr.project.input.TextRules;
import io.containr.runtime.security.Actor;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/git/providers")
class GitProviderController {

    private final GitProviderCatalog catalog;
    private final ProviderRules rules;

    GitProviderController(GitProviderCatalog catalog, ProviderRules rules) {
        this.catalog = catalog;
        this.rules = rules;
    }

    @GetMapping
    List<ProviderBody> list(Actor actor) {
        return catalog.list(actor).stream().map(ProviderBody::of).toList();
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ProviderBody add(@RequestBody ProviderRequest request, Actor actor) {
        Problems problems = new Problems();
        ProviderKind kind = problems.require("type", request.type(), ProviderKind::of);
        String token = problems.require("access_token", request.accessToken(), ProviderRules::token);
        String name = problems.check("name", TextRules.blankToNull(request.name()), TextRules::title);
        URI baseUrl = kind == null
                ? null
                : problems.check(
                        "base_url", TextRules.blankToNull(request.baseUrl()), text -> rules.baseUrl(text, kind));
        problems.throwIfAny();
        ProviderKind known = Objects.requireNonNull(kind);
        return ProviderBody.of(
                catalog.add(known, name == null ? known.title() : name, baseUrl, Objects.requireNonNull(token), actor));
    }

    @GetMapping("/{id}/repositories")
    List<GitRepository> repositories(@PathVariable GitProviderId id, Actor actor) {
        return catalog.repositories(id, actor);
    }

    @PatchMapping("/{id}")
    ProviderBody replaceToken(@PathVariable GitProviderId id, @RequestBody TokenRequest request, Actor actor) {
        catalog.get(id, actor);
        Problems problems = new Problems();
        String token = problems.require("access_token", request.accessToken(), ProviderRules::token);
        problems.throwIfAny();
        return ProviderBody.of(catalog.replaceToken(id, Objects.requireNonNull(token), actor));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable GitProviderId id, Actor actor) {
        catalog.delete(id, actor);
    }

    record ProviderRequest(
            @Nullable String type,
            @Nullable String name,
            @Nullable String accessToken,
            @Nullable String baseUrl) {

        @Override
        public String toString() {
            return "ProviderRequest[" + type + "]";
        }
    }

    record TokenRequest(@Nullable String accessToken) {

        @Override
        public String toString() {
            return "TokenRequest[…]";
        }
    }

    /** The token is not among what is shown. */
    record ProviderBody(
            UUID id, String type, String name, @Nullable URI baseUrl, String account, Instant createdAt) {

        static ProviderBody of(GitProvider provider) {
            return new ProviderBody(
                    provider.id().value(),
                    provider.kind().word(),
                    provider.name(),
                    provider.baseUrl(),
                    provider.account(),
                    provider.createdAt());
        }
    }
}
