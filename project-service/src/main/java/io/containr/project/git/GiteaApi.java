package io.containr.project.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Gitea, and Forgejo, which kept this part of its API. */
final class GiteaApi implements ProviderApi {

    @Override
    public Map<String, String> headers(String token) {
        return Map.of("Authorization", "token " + token, "Accept", "application/json");
    }

    @Override
    public String account(ProviderSession session) throws ProviderException {
        return ProviderApi.text(session.get("/user").body(), "login");
    }

    @Override
    public List<GitRepository> repositories(ProviderSession session, int most) throws ProviderException {
        List<GitRepository> repositories = new ArrayList<>();
        for (JsonNode item : session.all(
                "/user/repos?limit=50&page=1", ProviderSession.Page::body, ProviderSession.Page::nextLink, most)) {
            repositories.add(GitHubApi.repository(item));
        }
        return repositories;
    }

    @Override
    public CloneLogin cloneLogin(String account, String token) {
        return new CloneLogin(account, token);
    }
}
