package io.containr.runtime.web;

import io.containr.runtime.Ids;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Turns whatever a request ends in into {@link ErrorBody}; an unexpected fault shows an incident id and nothing else. */
@RestControllerAdvice
class ApiErrorHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ApiErrorHandler.class);

    @ExceptionHandler
    ResponseEntity<Object> refused(ApiException refusal, HttpServletRequest request) {
        return answer(refusal.code(), refusal.getMessage(), refusal.details(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> unauthenticated(AuthenticationException e, HttpServletRequest request) {
        return answer(ErrorCode.UNAUTHENTICATED, "Authentication required", Map.of(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> forbidden(AccessDeniedException e, HttpServletRequest request) {
        return answer(ErrorCode.FORBIDDEN, "Not allowed", Map.of(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> violated(ConstraintViolationException e, HttpServletRequest request) {
        Map<String, String> fields = new TreeMap<>();
        e.getConstraintViolations()
                .forEach(v -> fields.put(SnakeCase.of(v.getPropertyPath().toString()), v.getMessage()));
        return answer(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", fields), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongType(MethodArgumentTypeMismatchException e, HttpServletRequest request) {
        boolean id = request.getRequestURI().contains("/" + e.getValue());
        if (id) {
            return answer(ErrorCode.NOT_FOUND, "Not found", Map.of(), request);
        }
        Map<String, String> fields = Map.of(e.getName(), "has the wrong type");
        return answer(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", fields), request);
    }

    @ExceptionHandler({
        TransientDataAccessException.class,
        DataAccessResourceFailureException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> databaseAway(Exception e, HttpServletRequest request) {
        log.warn("Database did not answer a request", e);
        return answer(ErrorCode.DEPENDENCY_UNAVAILABLE, "Temporarily unavailable, try again", Map.of(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception e, HttpServletRequest request) {
        String incident = Ids.next().toString();
        log.error("Incident {}: {} {}", incident, request.getMethod(), request.getRequestURI(), e);
        return answer(ErrorCode.INTERNAL, "Internal error", Map.of("incident", incident), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        e.getBindingResult()
                .getFieldErrors()
                .forEach(
                        error -> fields.put(SnakeCase.of(error.getField()), String.valueOf(error.getDefaultMessage())));
        e.getBindingResult()
                .getGlobalErrors()
                .forEach(error -> fields.put("body", String.valueOf(error.getDefaultMessage())));
        return answer(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", fields), servlet(request));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        e.getParameterValidationResults().forEach(result -> {
            if (result instanceof ParameterErrors errors) {
                errors.getFieldErrors()
                        .forEach(error ->
                                fields.put(SnakeCase.of(error.getField()), String.valueOf(error.getDefaultMessage())));
            } else {
                String name = String.valueOf(result.getMethodParameter().getParameterName());
                result.getResolvableErrors()
                        .forEach(error -> fields.put(SnakeCase.of(name), String.valueOf(error.getDefaultMessage())));
            }
        });
        return answer(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", fields), servlet(request));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(ErrorCode.VALIDATION, "Invalid input", Map.of("fields", unreadable(e)), servlet(request));
    }

    private static Map<String, String> unreadable(HttpMessageNotReadableException e) {
        if (e.getCause() instanceof DatabindException mapping
                && !mapping.getPath().isEmpty()) {
            StringBuilder path = new StringBuilder();
            mapping.getPath().forEach(step -> {
                if (step.getPropertyName() != null) {
                    path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
                }
            });
            String reason = mapping instanceof MismatchedInputException ? "has the wrong type or value" : "is invalid";
            return Map.of(path.isEmpty() ? "body" : path.toString(), reason);
        }
        return Map.of("body", e.getCause() instanceof JacksonException ? "is not valid JSON" : "is missing");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ErrorCode code = ErrorCode.of(status.value());
        String message =
                code == ErrorCode.INTERNAL ? "Internal error" : code.status().getReasonPhrase();
        ResponseEntity<Object> answer = answer(code, message, Map.of(), servlet(request));
        HttpHeaders merged = new HttpHeaders();
        merged.putAll(headers);
        merged.putAll(answer.getHeaders());
        return new ResponseEntity<>(answer.getBody(), merged, code.status());
    }

    private static HttpServletRequest servlet(WebRequest request) {
        return ((ServletWebRequest) request).getRequest();
    }

    private static ResponseEntity<Object> answer(
            ErrorCode code, String message, Map<String, ?> details, HttpServletRequest request) {
        return ErrorBody.answer(code, message, details, wantsProblem(request));
    }

    static boolean wantsProblem(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    }
}
