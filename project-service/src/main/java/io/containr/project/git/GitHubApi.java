package io.containr.project.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** GitHub, and GitHub Enterprise Server. */
final class GitHubApi implements ProviderApi {

    @Override
    public Map<String, String> headers(String token) {
        return Map.of(
                "Authorization", "Bearer " + token,
                "Accept", "application/vnd.github+json",
                "X-GitHub-Api-Version", "2022-11-28");
    }

    @Override
    public String account(ProviderSession session) throws ProviderException {
        return ProviderApi.text(session.get("/user").body(), "login");
    }

    @Override
    public List<GitRepository> repositories(ProviderSession session, int most) throws ProviderException {
        List<GitRepository> repositories = new ArrayList<>();
        for (JsonNode item : session.all(
                "/user/repos?per_page=100&sort=full_name",
                ProviderSession.Page::body,
                ProviderSession.Page::nextLink,
                most)) {
            repositories.add(repository(item));
        }
        return repositories;
    }

    /** Gitea spells a repository the same way. */
    static GitRepository repository(JsonNode item) throws ProviderException {
        return new GitRepository(
                ProviderApi.text(item, "id"),
                ProviderApi.text(item, "name"),
                ProviderApi.text(item, "full_name"),
                ProviderApi.optional(item, "description"),
                item.path("private").asBoolean(false),
                ProviderApi.optional(item, "default_branch"),
                ProviderApi.text(item, "clone_url"),
                ProviderApi.optional(item, "html_url"));
    }

    @Override
    public CloneLogin cloneLogin(String account, String token) {
        return new CloneLogin("x-access-token", token);
    }
}
