package io.containr.simulator.fault;

import io.containr.simulator.access.Authenticator;
import io.containr.simulator.access.Caller;
import io.containr.simulator.api.ApiException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /containr-simulator/faults}, for tests that run outside this process and for trying things out; it needs a token of root.
 * {@code POST} sets one fault described in JSON, {@code DELETE} clears all. The module's README lists the forms.
 */
public final class FaultEndpoint implements HttpHandler {

    public static final String PATH = "/containr-simulator/faults";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Faults faults;
    private final Authenticator authenticator;
    private final Consumer<String> powerCut;
    private final Executor executor;

    /** @param powerCut ends all guests of a node */
    public FaultEndpoint(Faults faults, Authenticator authenticator, Consumer<String> powerCut, Executor executor) {
        this.faults = faults;
        this.authenticator = authenticator;
        this.powerCut = powerCut;
        this.executor = executor;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        exchange.dispatch(executor, this::serve);
    }

    private void serve(HttpServerExchange exchange) throws IOException {
        exchange.startBlocking();
        try {
            String authorization = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
            boolean root = authenticator
                    .authenticate("GET", authorization, null, null)
                    .map(Caller::user)
                    .filter(Caller.ROOT::equals)
                    .isPresent();
            if (!root) {
                throw ApiException.forbidden("user != root@pam");
            }
            if (exchange.getRequestMethod().equals(Methods.DELETE)) {
                faults.clear();
            } else if (exchange.getRequestMethod().equals(Methods.POST)) {
                set(MAPPER.readTree(exchange.getInputStream().readAllBytes()));
            } else {
                throw ApiException.notImplemented("only POST and DELETE");
            }
            exchange.setStatusCode(204);
        } catch (ApiException refusal) {
            exchange.setStatusCode(refusal.status());
            exchange.getResponseSender().send(refusal.getMessage() + "\n");
        } catch (JacksonException | IllegalArgumentException e) {
            exchange.setStatusCode(400);
            exchange.getResponseSender().send("not a fault: " + e.getMessage() + "\n");
        }
    }

    private void set(JsonNode fault) {
        String kind = fault.path("kind").asString("");
        switch (kind) {
            case "drop" -> add(fault, new CallFault.Behaviour.Drop());
            case "garbage" -> add(fault, new CallFault.Behaviour.Garbage());
            case "silence" ->
                add(
                        fault,
                        new CallFault.Behaviour.Silence(
                                Duration.ofMillis(fault.path("millis").asLong(60_000))));
            case "late" ->
                add(
                        fault,
                        new CallFault.Behaviour.Late(
                                Duration.ofMillis(fault.path("millis").asLong(5_000))));
            case "status" ->
                add(
                        fault,
                        new CallFault.Behaviour.Status(
                                fault.path("code").asInt(500),
                                fault.path("reason").asString(""),
                                fault.path("body").asBoolean(true)));
            case "task" -> addTask(fault);
            case "node-offline" -> offline(fault);
            case "node-online" -> faults.nodeOnline(text(fault, "node"));
            case "maintenance" ->
                faults.maintenance(text(fault, "node"), fault.path("on").asBoolean(true));
            case "quorum" -> faults.quorum(fault.path("present").asBoolean(false));
            case "storage-full" ->
                faults.storageFull(text(fault, "storage"), fault.path("full").asBoolean(true));
            default -> throw new IllegalArgumentException("unknown kind '" + kind + "'");
        }
    }

    private void add(JsonNode fault, CallFault.Behaviour behaviour) throws PatternSyntaxException {
        CallFault added = CallFault.of(
                fault.path("method").asString(".*"),
                text(fault, "path"),
                fault.path("times").asInt(1),
                behaviour);
        faults.add(fault.path("applied").asBoolean(false) ? added.afterwards() : added);
    }

    private void addTask(JsonNode fault) throws PatternSyntaxException {
        faults.add(TaskFault.of(
                text(fault, "type"),
                fault.path("id").asString(".*"),
                fault.path("times").asInt(1),
                TaskFault.Behaviour.valueOf(
                        text(fault, "behaviour").toUpperCase(Locale.ROOT).replace('-', '_')),
                fault.path("message").asString("fault injected")));
    }

    private void offline(JsonNode fault) {
        faults.nodeOffline(text(fault, "node"));
        if (fault.path("powerCut").asBoolean(false)) {
            powerCut.accept(text(fault, "node"));
        }
    }

    private static String text(JsonNode fault, String field) {
        JsonNode value = fault.path(field);
        if (!value.isString()) {
            throw new IllegalArgumentException("'" + field + "' is missing");
        }
        return value.asString();
    }
}
