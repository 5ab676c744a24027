package io.containr.runtime.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * The one shape of every error of the API.
 *
 * @param error for people
 * @param code for programs, a name of {@link ErrorCode}
 * @param details never null; {@code fields} for invalid input, {@code incident} for a fault of ours,
 *     {@code retry_after} seconds where that is known
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorBody(String error, String code, Map<String, ?> details) {

    public static ErrorBody of(ErrorCode code, String error, Map<String, ?> details) {
        return new ErrorBody(error, code.name(), details);
    }

    /** The same facts as RFC 9457. */
    public ProblemDetail asProblem(ErrorCode errorCode) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(errorCode.status(), error);
        problem.setType(
                URI.create("urn:containr:error:" + code.toLowerCase(Locale.ROOT).replace('_', '-')));
        problem.setProperty("code", code);
        details.forEach(problem::setProperty);
        return problem;
    }

    /** An answer in the shape the client asked for. */
    static ResponseEntity<Object> answer(ErrorCode code, String error, Map<String, ?> details, boolean problem) {
        ErrorBody body = of(code, error, details);
        HttpHeaders headers = new HttpHeaders();
        if (code == ErrorCode.UNAUTHENTICATED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (details.get(ApiException.RETRY_AFTER) instanceof Number seconds) {
            headers.set(HttpHeaders.RETRY_AFTER, seconds.toString());
        }
        return ResponseEntity.status(code.status())
                .headers(headers)
                .contentType(problem ? MediaType.APPLICATION_PROBLEM_JSON : MediaType.APPLICATION_JSON)
                .body(problem ? body.asProblem(code) : body);
    }
}
