package io.containr.audit.log;

import io.containr.audit.log.Entries.Filter;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit-logs")
class AuditController {

    private static final int DEFAULT_LIMIT = 50;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:-]{1,200}");

    private final Entries entries;
    private final ChainVerifier verifier;

    AuditController(Entries entries, ChainVerifier verifier) {
        this.entries = entries;
        this.verifier = verifier;
    }

    @GetMapping
    AuditLogsBody list(
            @RequestParam(required = false) @Nullable String resource,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            Actor actor) {
        return find(new Filter(blankToNull(resource), null, blankToNull(action)), page, limit, actor);
    }

    /** Empty for what does not exist or is somebody else's, which look the same. */
    @GetMapping("/{resource}/{id}")
    AuditLogsBody of(
            @PathVariable String resource,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            Actor actor) {
        return find(new Filter(resource, id, null), page, limit, actor);
    }

    /** Whether everything is as it was written. Tells nothing of what was written. */
    @GetMapping("/verify")
    Verification verify(Actor actor) {
        return verifier.recent();
    }

    private AuditLogsBody find(Filter filter, @Nullable Integer page, @Nullable Integer limit, Actor actor) {
        Page wanted = Page.of(page, limit, DEFAULT_LIMIT);
        Map<String, String> problems = new TreeMap<>();
        check(problems, "resource", filter.resource());
        check(problems, "id", filter.resourceId());
        check(problems, "action", filter.action());
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return new AuditLogsBody(entries.visible(actor.id().value(), filter, wanted.limit(), wanted.offset()).stream()
                .map(AuditLogBody::of)
                .toList());
    }

    private static void check(Map<String, String> problems, String field, @Nullable String word) {
        if (word != null && !WORD.matcher(word).matches()) {
            problems.put(field, "must be a word of letters, digits, and . _ : -");
        }
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    record AuditLogsBody(List<AuditLogBody> auditLogs) {}

    record AuditLogBody(
            UUID id,
            @Nullable String userId,
            @Nullable String userEmail,
            String resource,
            String resourceId,
            String action,
            String details,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            Instant createdAt) {

        static AuditLogBody of(Entry entry) {
            Fact fact = entry.fact();
            return new AuditLogBody(
                    fact.id(),
                    fact.userId(),
                    fact.userEmail(),
                    fact.resource(),
                    fact.resourceId(),
                    fact.action(),
                    fact.details(),
                    fact.ipAddress(),
                    fact.userAgent(),
                    fact.occurredAt());
        }
    }
}
