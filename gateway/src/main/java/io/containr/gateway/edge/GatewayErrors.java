package io.containr.gateway.edge;

import io.containr.runtime.Ids;
import io.containr.runtime.web.ErrorBody;
import io.containr.runtime.web.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every error the gateway answers by itself, in the API's shape, as RFC 9457 where that is asked for, and as a page for
 * a browser that looks at an application.
 */
final class GatewayErrors implements WebExceptionHandler, Ordered {

    private static final Logger log = LoggerFactory.getLogger(GatewayErrors.class);
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final JsonMapper json;

    GatewayErrors(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            // The answer has begun; ending the connection is the only way left to say that it broke.
            return Mono.error(failure);
        }
        GatewayException answer = answerTo(exchange, failure);
        HttpHeaders headers = response.getHeaders();
        headers.remove(HttpHeaders.CONTENT_LENGTH);
        headers.remove(HttpHeaders.CONTENT_ENCODING);
        headers.remove(HttpHeaders.TRANSFER_ENCODING);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setStatusCode(answer.code().status());
        byte[] body = body(exchange, answer);
        headers.setContentLength(body.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    @Override
    public int getOrder() {
        return -2;
    }

    private static GatewayException answerTo(ServerWebExchange exchange, Throwable failure) {
        if (failure instanceof GatewayException answer) {
            return answer;
        }
        if (failure instanceof ResponseStatusException status
                && status.getStatusCode().is4xxClientError()) {
            ErrorCode code = ErrorCode.of(status.getStatusCode().value());
            return new GatewayException(code, code.status().getReasonPhrase(), failure);
        }
        String incident = Ids.next().toString();
        log.error(
                "Incident {} at {} {}",
                incident,
                exchange.getRequest().getMethod(),
                exchange.getRequest().getPath(),
                failure);
        return new GatewayException(ErrorCode.INTERNAL, "Internal error", Map.of("incident", incident), failure);
    }

    private byte[] body(ServerWebExchange exchange, GatewayException answer) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        ErrorBody body = ErrorBody.of(answer.code(), answer.text(), answer.details());
        return switch (wanted(exchange)) {
            case PROBLEM -> {
                headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
                yield json.writeValueAsBytes(body.asProblem(answer.code()));
            }
            case PAGE -> {
                headers.setContentType(HTML);
                yield page(answer).getBytes(StandardCharsets.UTF_8);
            }
            case JSON -> {
                headers.setContentType(MediaType.APPLICATION_JSON);
                yield json.writeValueAsBytes(body);
            }
        };
    }

    private static Shape wanted(ServerWebExchange exchange) {
        String accept = exchange.getRequest().getHeaders().getFirst(HttpHeaders.ACCEPT);
        if (accept == null) {
            return Shape.JSON;
        }
        if (accept.contains(MediaType.APPLICATION_PROBLEM_JSON_VALUE)) {
            return Shape.PROBLEM;
        }
        return accept.contains(MediaType.TEXT_HTML_VALUE) && !Visit.of(exchange).api() ? Shape.PAGE : Shape.JSON;
    }

    private static String page(GatewayException answer) {
        String text = HtmlUtils.htmlEscape(answer.text());
        return """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>%1$d %2$s</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <style>body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32rem;padding:0 1rem}</style></head>
                <body><h1>%1$d</h1><p>%2$s.</p><p><small>%3$s</small></p></body>
                </html>
                """.formatted(answer.code().status().value(), text, answer.code());
    }

    private enum Shape {
        JSON,
        PROBLEM,
        PAGE
    }
}
