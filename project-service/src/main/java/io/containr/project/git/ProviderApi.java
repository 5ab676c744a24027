package io.containr.project.git;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one provider's REST API looks like. */
interface ProviderApi {

    /** What authenticates a request. */
    Map<String, String> headers(String token);

    /** The name the provider knows the token's owner by; a token that is no good is refused here. */
    String account(ProviderSession session) throws ProviderException;

    /** @param most further ones are left out */
    List<GitRepository> repositories(ProviderSession session, int most) throws ProviderException;

    /** What Git wants to be told beside the token to clone over HTTPS. */
    CloneLogin cloneLogin(String account, String token);

    /** A name and a password. */
    record CloneLogin(String username, String password) {

        @Override
        public String toString() {
            return "CloneLogin[" + username + "]";
        }
    }

    static ProviderApi of(ProviderKind kind) {
        return switch (kind) {
            case GITHUB -> new GitHubApi();
            case GITLAB -> new GitLabApi();
            case BITBUCKET -> new BitbucketApi();
            case GITEA -> new GiteaApi();
        };
    }

    /** A text that must be there. */
    static String text(JsonNode node, String field) throws ProviderException {
        JsonNode value = node.path(field);
        if (!value.isValueNode() || value.isNull() || value.asString().isEmpty()) {
            throw ProviderSession.unexpected("no " + field);
        }
        return value.asString();
    }

    /** A text that may be missing. */
    static @Nullable String optional(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() && !value.asString().isBlank() ? value.asString() : null;
    }
}
