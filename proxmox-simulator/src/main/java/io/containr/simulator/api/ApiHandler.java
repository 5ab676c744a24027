package io.containr.simulator.api;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Authenticator;
import io.containr.simulator.access.Caller;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.Faults;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/** Everything below {@code /api2/json}: who calls, what for, may they, are the parameters right; then the method itself. */
public final class ApiHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    private static final String PREFIX = "/api2/json";
    private static final HttpString CSRF = new HttpString("CSRFPreventionToken");

    private final Router router;
    private final Authenticator authenticator;
    private final AccessControl access;
    private final NodeGate nodes;
    private final Faults faults;
    private final Parameters parameters;
    private final Duration refusalDelay;
    private final Executor executor;

    public ApiHandler(
            Router router,
            Authenticator authenticator,
            AccessControl access,
            NodeGate nodes,
            Faults faults,
            Path temporary,
            Duration refusalDelay,
            Executor executor) {
        this.router = router;
        this.authenticator = authenticator;
        this.access = access;
        this.nodes = nodes;
        this.faults = faults;
        this.parameters = new Parameters(temporary);
        this.refusalDelay = refusalDelay;
        this.executor = executor;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        exchange.dispatch(executor, this::serve);
    }

    private void serve(HttpServerExchange exchange) throws IOException, InterruptedException {
        exchange.startBlocking();
        String method = exchange.getRequestMethod().toString();
        String path = exchange.getRequestURI();
        if (!path.startsWith(PREFIX)) {
            send(exchange, Answer.refusal(ApiException.plain(501, "no such file '" + path + "'")));
            return;
        }
        String below = path.substring(PREFIX.length());
        Optional<CallFault> fault = faults.takeCall(method, below);
        if (fault.isEmpty()) {
            send(exchange, answer(exchange, method, below));
            return;
        }
        if (fault.get().behaviour() instanceof CallFault.Behaviour.Late late) {
            Answer right = answer(exchange, method, below);
            Thread.sleep(late.delay());
            send(exchange, right);
            return;
        }
        if (fault.get().applied()) {
            answer(exchange, method, below);
        } else {
            exchange.getInputStream().readAllBytes();
        }
        misbehave(exchange, fault.get().behaviour());
    }

    private void misbehave(HttpServerExchange exchange, CallFault.Behaviour behaviour)
            throws IOException, InterruptedException {
        switch (behaviour) {
            case CallFault.Behaviour.Drop _ -> IoUtils.safeClose(exchange.getConnection());
            case CallFault.Behaviour.Silence silence -> {
                Thread.sleep(silence.time());
                IoUtils.safeClose(exchange.getConnection());
            }
            case CallFault.Behaviour.Status status ->
                send(exchange, Answer.status(status.code(), status.reason(), status.body()));
            case CallFault.Behaviour.Garbage _ -> send(exchange, Answer.garbage());
            case CallFault.Behaviour.Late _ -> throw new IllegalStateException("answered before");
        }
    }

    private Answer answer(HttpServerExchange exchange, String method, String path) throws InterruptedException {
        try {
            return Answer.ok(call(exchange, method, path));
        } catch (ApiException refusal) {
            if (refusal.status() == 401) {
                Thread.sleep(refusalDelay);
            }
            return Answer.refusal(refusal);
        } catch (IOException | RuntimeException e) {
            LOG.error("{} {} failed", method, path, e);
            return Answer.refusal(
                    ApiException.failed("internal error: " + e.getClass().getSimpleName()));
        }
    }

    private @Nullable Object call(HttpServerExchange exchange, String method, String path)
            throws IOException, InterruptedException {
        Cookie cookie = exchange.getRequestCookie("PVEAuthCookie");
        Optional<Caller> caller = authenticator.authenticate(
                method,
                exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION),
                cookie == null ? null : cookie.getValue(),
                exchange.getRequestHeaders().getFirst(CSRF));
        Optional<Router.Match> match = router.find(method, path);
        boolean open = match.isPresent() && !match.get().schema().tokenAllowed();
        if (caller.isEmpty() && !open) {
            throw ApiException.unauthorized("No ticket");
        }
        Router.Match found = match.orElseThrow(
                () -> ApiException.notImplemented("Method '" + method + " " + path + "' not implemented"));
        if (caller.isPresent()
                && caller.get().token() != null
                && !found.schema().tokenAllowed()) {
            throw ApiException.forbidden("URI '" + path + "' not available with API token, need proper ticket.\n");
        }
        Parameters.Read read = parameters.read(exchange, method);
        Map<String, String> all = new HashMap<>(read.values());
        all.putAll(found.parameters());
        access.require(found.schema().permission(), caller.orElse(null), all);
        if (found.parameters().containsKey("node")) {
            nodes.pass(found.parameters().get("node"));
        }
        Map<String, String> errors = found.schema().verify(all);
        if (!errors.isEmpty()) {
            throw ApiException.invalid(errors);
        }
        return found.handler().handle(new Call(caller.orElse(new Caller("nobody@pam", null)), all, read.upload()));
    }

    private static void send(HttpServerExchange exchange, Answer answer) throws IOException {
        exchange.setStatusCode(answer.status());
        exchange.setReasonPhrase(answer.reason());
        exchange.getResponseHeaders()
                .put(Headers.SERVER, "pve-api-daemon/3.0")
                .put(Headers.CACHE_CONTROL, "max-age=0")
                .put(Headers.PRAGMA, "no-cache");
        if (answer.status() != 200) {
            exchange.setPersistent(false);
        }
        exchange.setResponseContentLength(answer.body().length);
        if (answer.body().length > 0) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, answer.contentType());
            exchange.getResponseSender().send(ByteBuffer.wrap(answer.body()));
        } else {
            exchange.endExchange();
        }
    }
}
