package io.containr.runtime.web.idempotency;

import io.containr.runtime.web.BufferedRequest;
import io.containr.runtime.web.ErrorCode;
import io.containr.runtime.web.ErrorWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * A POST that carries an {@code Idempotency-Key} takes effect once: sent again within a day by the same user to the same
 * path with the same body it gets the same answer, marked by {@code Idempotency-Replayed}. With another body, or while the
 * first is still being answered, it is a conflict. An answer of 500 or more is not kept.
 *
 * <p>The request runs in one transaction with the row that keeps its answer, so that neither is there without the other,
 * whenever the process dies; a handler's own transactions join it, and what it refuses leaves nothing. The answer goes out
 * after the commit, as a whole.
 */
final class IdempotencyFilter extends OncePerRequestFilter {

    static final String KEY = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern WELL_FORMED = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Answers answers;
    private final PlatformTransactionManager transactions;
    private final ErrorWriter errors;
    private final int largestBody;

    /** @param largestBody bytes; a larger request with a key is refused */
    IdempotencyFilter(Answers answers, PlatformTransactionManager transactions, ErrorWriter errors, int largestBody) {
        this.answers = answers;
        this.transactions = transactions;
        this.errors = errors;
        this.largestBody = largestBody;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST") || request.getHeader(KEY) == null || user() == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = request.getHeader(KEY);
        if (!WELL_FORMED.matcher(key).matches()) {
            errors.write(request, response, ErrorCode.VALIDATION, KEY + " must be 1 to 255 visible ASCII characters");
            return;
        }
        byte[] body = request.getInputStream().readNBytes(largestBody + 1);
        if (body.length > largestBody) {
            errors.write(request, response, ErrorCode.PAYLOAD_TOO_LARGE, "The request is too large");
            return;
        }
        Scope scope = new Scope(String.valueOf(user()), request.getMethod(), request.getRequestURI(), key);
        byte[] fingerprint = fingerprint(request, body);
        TransactionStatus transaction = begin();
        try {
            if (!answers.claim(scope)) {
                response.setHeader(HttpHeaders.RETRY_AFTER, "1");
                errors.write(request, response, ErrorCode.CONFLICT, "A request with this " + KEY + " is in progress");
                return;
            }
            Optional<Answers.Kept> kept = answers.find(scope);
            if (kept.isPresent()) {
                if (kept.get().isFor(fingerprint)) {
                    replay(kept.get().answer(), response);
                } else {
                    errors.write(
                            request, response, ErrorCode.CONFLICT, "This " + KEY + " was used for another request");
                }
                return;
            }
            ContentCachingResponseWrapper caught = new ContentCachingResponseWrapper(response);
            chain.doFilter(new BufferedRequest(request, body), caught);
            settle(transaction, scope, fingerprint, caught);
            caught.copyBodyToResponse();
        } finally {
            if (!transaction.isCompleted()) {
                transactions.rollback(transaction);
            }
        }
    }

    /** Commits what succeeded with its answer; of what was refused only the answer stays, of a failure nothing. */
    private void settle(
            TransactionStatus transaction, Scope scope, byte[] fingerprint, ContentCachingResponseWrapper caught) {
        Answer answer = new Answer(
                caught.getStatus(),
                caught.getContentType(),
                caught.getHeader(HttpHeaders.LOCATION),
                caught.getContentAsByteArray());
        if (answer.status() < 400) {
            answers.keep(scope, fingerprint, answer);
            transactions.commit(transaction);
            return;
        }
        transactions.rollback(transaction);
        if (answer.status() < 500) {
            TransactionStatus refusal = begin();
            try {
                answers.keep(scope, fingerprint, answer);
                transactions.commit(refusal);
            } finally {
                if (!refusal.isCompleted()) {
                    transactions.rollback(refusal);
                }
            }
        }
    }

    private TransactionStatus begin() {
        return transactions.getTransaction(
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    }

    private static void replay(Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        response.setHeader(REPLAYED, "true");
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        if (answer.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, answer.location());
        }
        response.getOutputStream().write(answer.body());
    }

    private static byte[] fingerprint(HttpServletRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.valueOf(request.getQueryString()).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static @Nullable String user() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication instanceof JwtAuthenticationToken bearer
                ? bearer.getToken().getSubject()
                : null;
    }
}
