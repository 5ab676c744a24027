package io.containr.project.git;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.JsonNode;

/**
 * Bitbucket Cloud. A user's API token comes as {@code email:token}; without a colon it is one of OAuth. There is no list across
 * workspaces any more, so each workspace is asked for its own.
 */
final class BitbucketApi implements ProviderApi {

    @Override
    public Map<String, String> headers(String token) {
        String authorization = token.contains(":")
                ? "Basic " + Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8))
                : "Bearer " + token;
        return Map.of("Authorization", authorization, "Accept", "application/json");
    }

    /** The workspaces are what the list needs; whoever may not see them is told so when the token is added. */
    @Override
    public String account(ProviderSession session) throws ProviderException {
        JsonNode user = session.get("/user").body();
        session.get("/user/workspaces?pagelen=1");
        String name = ProviderApi.optional(user, "username");
        return name == null ? ProviderApi.text(user, "display_name") : name;
    }

    @Override
    public List<GitRepository> repositories(ProviderSession session, int most) throws ProviderException {
        List<GitRepository> repositories = new ArrayList<>();
        for (JsonNode access : pages(session, "/user/workspaces?pagelen=100", most)) {
            String workspace = ProviderApi.text(access.path("workspace"), "slug");
            String path = "/repositories/" + UriUtils.encodePathSegment(workspace, StandardCharsets.UTF_8)
                    + "?role=member&pagelen=100";
            for (JsonNode item : pages(session, path, most - repositories.size())) {
                repositories.add(repository(item));
            }
            if (repositories.size() >= most) {
                break;
            }
        }
        return repositories;
    }

    private static List<JsonNode> pages(ProviderSession session, String path, int most) throws ProviderException {
        return session.all(
                path, page -> page.body().path("values"), page -> ProviderApi.optional(page.body(), "next"), most);
    }

    private static GitRepository repository(JsonNode item) throws ProviderException {
        return new GitRepository(
                ProviderApi.text(item, "uuid"),
                ProviderApi.text(item, "name"),
                ProviderApi.text(item, "full_name"),
                ProviderApi.optional(item, "description"),
                item.path("is_private").asBoolean(false),
                ProviderApi.optional(item.path("mainbranch"), "name"),
                cloneUrl(item),
                ProviderApi.optional(item.path("links").path("html"), "href"));
    }

    /** Bitbucket puts the user's name into it, which belongs into the credential alone. */
    private static String cloneUrl(JsonNode item) throws ProviderException {
        for (JsonNode link : item.path("links").path("clone")) {
            if ("https".equals(ProviderApi.optional(link, "name"))) {
                return withoutUser(ProviderApi.text(link, "href"));
            }
        }
        throw ProviderSession.unexpected("no clone link");
    }

    private static String withoutUser(String href) throws ProviderException {
        try {
            URI uri = URI.create(href);
            @Nullable String user = uri.getRawUserInfo();
            return user == null ? href : href.replaceFirst("//" + java.util.regex.Pattern.quote(user) + "@", "//");
        } catch (IllegalArgumentException e) {
            throw ProviderSession.unexpected("a malformed clone link");
        }
    }

    @Override
    public CloneLogin cloneLogin(String account, String token) {
        int colon = token.indexOf(':');
        return colon < 0
                ? new CloneLogin("x-token-auth", token)
                : new CloneLogin("x-bitbucket-api-token-auth", token.substring(colon + 1));
    }
}
