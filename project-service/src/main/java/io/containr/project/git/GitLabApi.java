package io.containr.project.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** GitLab, hosted by itself or others; tokens of users, groups and projects, and of OAuth. */
final class GitLabApi implements ProviderApi {

    private static final String PROJECTS = "/projects?membership=true&archived=false&order_by=id&sort=asc&per_page=100";

    @Override
    public Map<String, String> headers(String token) {
        return Map.of("Authorization", "Bearer " + token, "Accept", "application/json");
    }

    @Override
    public String account(ProviderSession session) throws ProviderException {
        return ProviderApi.text(session.get("/user").body(), "username");
    }

    @Override
    public List<GitRepository> repositories(ProviderSession session, int most) throws ProviderException {
        List<GitRepository> repositories = new ArrayList<>();
        for (JsonNode item : session.all(PROJECTS, ProviderSession.Page::body, page -> next(session, page), most)) {
            repositories.add(new GitRepository(
                    ProviderApi.text(item, "id"),
                    ProviderApi.text(item, "name"),
                    ProviderApi.text(item, "path_with_namespace"),
                    ProviderApi.optional(item, "description"),
                    !"public".equals(ProviderApi.optional(item, "visibility")),
                    ProviderApi.optional(item, "default_branch"),
                    ProviderApi.text(item, "http_url_to_repo"),
                    ProviderApi.optional(item, "web_url")));
        }
        return repositories;
    }

    /** Proxies before GitLab are known to drop long {@code Link} headers; the page's number is there beside it. */
    private static @Nullable String next(ProviderSession session, ProviderSession.Page page) {
        String link = page.nextLink();
        String number = page.answer().header("X-Next-Page");
        if (link != null || number == null || !number.matches("\\d{1,6}")) {
            return link;
        }
        return session.address(PROJECTS + "&page=" + number);
    }

    @Override
    public CloneLogin cloneLogin(String account, String token) {
        return new CloneLogin("oauth2", token);
    }
}
