package io.containr.runtime.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a request body beyond a limit; one whose length is not announced is read up to it first. */
final class BodyLimitFilter extends OncePerRequestFilter {

    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

    private final int limit;
    private final OwnBodyLimits others;
    private final ErrorWriter errors;

    /**
     * @param limit in bytes
     * @param others paths it leaves alone
     */
    BodyLimitFilter(int limit, OwnBodyLimits others, ErrorWriter errors) {
        this.limit = limit;
        this.others = others;
        this.errors = errors;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return BODILESS.contains(request.getMethod()) || others.contain(request.getRequestURI());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long announced = request.getContentLengthLong();
        if (announced >= 0 && announced <= limit) {
            chain.doFilter(request, response);
            return;
        }
        if (announced < 0) {
            byte[] body = request.getInputStream().readNBytes(limit + 1);
            if (body.length <= limit) {
                chain.doFilter(new BufferedRequest(request, body), response);
                return;
            }
        }
        errors.write(request, response, ErrorCode.PAYLOAD_TOO_LARGE, "The request is too large");
    }
}
