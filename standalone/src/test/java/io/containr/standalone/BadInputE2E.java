package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import io.containr.standalone.Contract.Operation;
import io.containr.standalone.ContractClient.Received;
import io.containr.standalone.ContractClient.Sent;
import io.containr.standalone.demo.ApiClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Whatever is sent to any operation of the contract: the answer is one that the contract describes, never a fault of ours,
 * never a trace of the program or of a token, and nothing half made stays behind.
 */
class BadInputE2E {

    /** More with {@code -Dcontract.examples}; another run of them with {@code -Dcontract.seed}. */
    private static final int EXAMPLES = Integer.getInteger("contract.examples", 40);

    private static final long SEED = Long.getLong("contract.seed", 20_260_102L);
    /** Each hashes a password or asks Keycloak for a session. */
    private static final int COSTLY_EXAMPLES = Math.max(5, EXAMPLES / 4);

    /** What no path that was altered may lead to, beside what the operation itself answers. */
    private static final Set<Integer> PATH_REFUSED = Set.of(400, 404, 405);

    private static final List<String> LEAKS = List.of(
            "Exception", "\tat ", "io.containr.", "org.springframework", "java.", "SQLSTATE", "jdbc:", "eyJhbGciOi");

    private static RunningPlatform platform;
    private static ApiClient edsger;
    private static ContractClient client;
    private static Contract contract;
    private static Map<String, String> ids;

    @BeforeAll
    static void start() throws Exception {
        platform = RunningPlatform.get();
        edsger = platform.user("edsger");
        client = new ContractClient(platform.gateway());
        contract = Contract.of(client.document());
        String project =
                edsger.post("/projects", Map.of("name", "bad input")).path("id").asString();
        String service = edsger.post("/projects/" + project + "/services", Map.of("name", "bad", "type", "worker"))
                .path("id")
                .asString();
        ids = Map.of("projects", project, "services", service);
    }

    @TestFactory
    Stream<DynamicTest> noInputBreaksAnOperation() {
        return contract.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> noInputBreaks(operation)));
    }

    private void noInputBreaks(Operation operation) throws IOException, InterruptedException {
        boolean costly =
                operation.path().startsWith("/auth") || operation.path().startsWith("/user");
        boolean creates = operation.name().equals("POST /projects");
        long before = projects();
        Instant start = Instant.now();
        Set<String> created = ConcurrentHashMap.newKeySet();
        qt().withFixedSeed(SEED)
                .withExamples(costly ? COSTLY_EXAMPLES : EXAMPLES)
                .withShrinkCycles(20)
                .forAll(new BadInput(ids, edsger.token()).requests(operation))
                .checkAssert(sent -> {
                    Received received = send(operation, sent);
                    check(operation, sent, received);
                    if (creates && received.status() == 201 && isNew(received.json(), start)) {
                        created.add(received.json().path("id").asString());
                    }
                });
        if (creates) {
            assertThat(projects()).isEqualTo(before + created.size());
        }
    }

    /** Not the answer again that an earlier request with the same key got. */
    private static boolean isNew(JsonNode project, Instant start) {
        return Instant.parse(project.path("created_at").asString()).isAfter(start);
    }

    private static void check(Operation operation, Sent sent, Received received) {
        String what = operation.name() + " " + sent + " → " + received;
        boolean ownPath = ids.values().stream().anyMatch(sent.path()::contains)
                || !operation.path().contains("{");
        if (ownPath || !PATH_REFUSED.contains(received.status())) {
            assertThat(contract.problems(operation, sent, received)).as(what).isEmpty();
        }
        assertThat(received.text()).as(what).doesNotContain(leaks(operation));
        if (received.status() >= 400) {
            JsonNode error = received.json();
            assertThat(error.path("code").asString()).as(what).isNotEmpty();
            assertThat(error.path("error").asString()).as(what).isNotEmpty();
            assertThat(error.path("details").isObject()).as(what).isTrue();
        }
    }

    /** Who logs in gets a token. */
    private static String[] leaks(Operation operation) {
        return LEAKS.stream()
                .filter(leak -> !(leak.startsWith("eyJ") && operation.path().startsWith("/auth/")))
                .toArray(String[]::new);
    }

    private static Received send(Operation operation, Sent sent) {
        try {
            return client.send(operation, sent);
        } catch (IOException e) {
            throw new AssertionError("no answer to " + operation.name() + " " + sent, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static long projects() throws IOException, InterruptedException {
        return edsger.get("/projects?limit=1").path("pagination").path("total").asLong();
    }
}
