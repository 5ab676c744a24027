package io.containr.project.webhook;

import io.containr.project.git.ProviderKind;
import io.containr.project.webhook.Told.Nothing;
import io.containr.project.webhook.Told.Ping;
import io.containr.project.webhook.Told.Push;
import io.containr.project.webhook.Told.Pushes;
import io.containr.runtime.web.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what each provider sends of its events. */
final class Payloads {

    private static final String HEADS = "refs/heads/";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern ZEROS = Pattern.compile("0+");

    /** GitHub lists no more commits than that. */
    private static final int MOST_COMMITS = 2048;

    private final JsonMapper json;

    Payloads(JsonMapper json) {
        this.json = json;
    }

    /** @throws ApiException VALIDATION if it is none of the provider's payloads */
    Told read(ProviderKind provider, Delivery delivery) {
        String event = delivery.headerOrEmpty(
                switch (provider) {
                    case GITHUB -> "X-GitHub-Event";
                    case GITLAB -> "X-Gitlab-Event";
                    case BITBUCKET -> "X-Event-Key";
                    case GITEA -> "X-Gitea-Event";
                });
        return switch (event) {
            case "ping", "diagnostics:ping" -> new Ping();
            case "push", "Push Hook", "repo:push" -> push(provider, body(delivery));
            default -> new Nothing("the event is no push to a branch");
        };
    }

    /** GitHub and Gitea can be told to send a form with the JSON in a field. */
    private JsonNode body(Delivery delivery) {
        String text = delivery.text();
        try {
            if (delivery.headerOrEmpty("Content-Type").startsWith("application/x-www-form-urlencoded")) {
                text = text.startsWith("payload=")
                        ? URLDecoder.decode(
                                text.substring("payload=".length()).split("&", 2)[0], StandardCharsets.UTF_8)
                        : "";
            }
            return json.readTree(text);
        } catch (JacksonException | IllegalArgumentException e) {
            throw ApiException.invalid("body", "is not valid JSON");
        }
    }

    private static Told push(ProviderKind provider, JsonNode body) {
        return switch (provider) {
            case BITBUCKET -> bitbucket(body);
            case GITLAB -> oneHead(body, body.path("project"), "path_with_namespace", "total_commits_count");
            case GITHUB, GITEA -> oneHead(body, body.path("repository"), "full_name", "total_commits");
        };
    }

    private static Told oneHead(JsonNode body, JsonNode repository, String name, String total) {
        String ref = text(body, "ref", "ref");
        if (!ref.startsWith(HEADS)) {
            return new Nothing("a tag was pushed, not a branch");
        }
        String after = hash(body, "after");
        JsonNode head = body.path("head_commit");
        JsonNode commits = body.path("commits");
        if (!head.isObject()) {
            head = commits.valueStream()
                    .filter(commit -> commit.path("id").asString("").equals(after))
                    .findFirst()
                    .orElse(head);
        }
        Push push = new Push(
                ref.substring(HEADS.length()),
                hash(body, "before"),
                after,
                optional(head, "message"),
                author(head.path("author")),
                files(commits, body.path(total)));
        return new Pushes(
                text(repository, name, "repository").toLowerCase(Locale.ROOT),
                optional(repository, "default_branch"),
                List.of(push));
    }

    /** Several branches at once, and no paths. */
    private static Told bitbucket(JsonNode body) {
        List<Push> pushes = new ArrayList<>();
        for (JsonNode change : body.path("push").path("changes")) {
            JsonNode now = change.path("new");
            JsonNode named = now.isObject() ? now : change.path("old");
            if (!"branch".equals(optional(named, "type"))) {
                continue;
            }
            JsonNode target = now.path("target");
            pushes.add(new Push(
                    text(named, "name", "push.changes.name"),
                    hash(change.path("old").path("target"), "hash"),
                    now.isObject() ? required(hash(target, "hash"), "push.changes.new.target.hash") : null,
                    optional(target, "message"),
                    optional(target.path("author"), "raw"),
                    null));
        }
        if (pushes.isEmpty()) {
            return new Nothing("no branch was pushed");
        }
        JsonNode repository = body.path("repository");
        return new Pushes(
                text(repository, "full_name", "repository.full_name").toLowerCase(Locale.ROOT),
                optional(repository.path("mainbranch"), "name"),
                pushes);
    }

    /** Null where the list of commits is not complete, or one does not say what it changed. */
    private static @Nullable List<String> files(JsonNode commits, JsonNode total) {
        boolean all = !commits.isEmpty()
                && commits.size() < MOST_COMMITS
                && (!total.isNumber() || total.asInt() <= commits.size());
        if (!all) {
            return null;
        }
        List<String> files = new ArrayList<>();
        for (JsonNode commit : commits) {
            for (String kind : List.of("added", "modified", "removed")) {
                JsonNode paths = commit.path(kind);
                if (!paths.isArray()) {
                    return null;
                }
                paths.forEach(path -> files.add(path.asString("")));
            }
        }
        return files.isEmpty() ? null : files;
    }

    private static @Nullable String author(JsonNode author) {
        String name = optional(author, "name");
        String email = optional(author, "email");
        return name == null ? email : email == null ? name : name + " <" + email + ">";
    }

    /** Null for the hash that stands for nothing. */
    private static @Nullable String hash(JsonNode node, String field) {
        String value = optional(node, field);
        if (value == null || ZEROS.matcher(value).matches()) {
            return null;
        }
        if (!HASH.matcher(value).matches()) {
            throw ApiException.invalid(field, "is no full hash of a commit");
        }
        return value;
    }

    private static String text(JsonNode node, String field, String path) {
        return required(optional(node, field), path);
    }

    private static String required(@Nullable String value, String path) {
        if (value == null) {
            throw ApiException.invalid(Map.of(path, "is required"));
        }
        return value;
    }

    private static @Nullable String optional(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() && !value.asString().isEmpty() ? value.asString() : null;
    }
}
