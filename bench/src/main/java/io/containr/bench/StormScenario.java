package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * 200 signed deliveries within one second through the gateway, evenly spread, each service's in the order of its pushes and every fifth
 * a repetition; then what came of them by the word of deploy-service. A push that a later one overtook on its way is refused as such
 * and has no deployment.
 */
final class StormScenario implements Scenario {

    private static final int SERVICES = 10;
    private static final int HEADS = 16;
    private static final int REPEATED = 4;
    private static final int WARM_UP = 20;
    private static final int DELIVERIES = SERVICES * (HEADS + REPEATED);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient client = new Browser().client();
    private final JsonMapper json = JsonMapper.shared();

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public String title() {
        return "A storm of pushes";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        ApiClient api = world.user();
        try (SampleRepository repository = world.repository(Map.of())) {
            List<String> heads = new ArrayList<>();
            for (int i = 0; i <= HEADS; i++) {
                heads.add(
                        repository.change(World.PAGE, "Push " + i, "Push " + i).getName());
            }
            List<Target> targets = new ArrayList<>();
            for (int i = 0; i < SERVICES; i++) {
                targets.add(target(world, api, repository));
            }
            Target warm = warmUp(world, api, repository, heads);
            Times times = new Times();
            List<Answered> answers = send(world, deliveries(targets, repository.url(), heads), times);
            report(report, api, targets, heads.getLast(), answers, times);
            targets.add(warm);
            for (Target target : targets) {
                api.send("DELETE", "/services/" + target.service(), null).expect(204);
            }
        }
    }

    private static Target target(World world, ApiClient api, SampleRepository repository)
            throws IOException, InterruptedException {
        String service = world.service(api, repository);
        return new Target(
                service,
                api.post("/services/" + service + "/webhook", Map.of())
                        .path("secret")
                        .asString());
    }

    /**
     * Storms of as many deliveries to a service that counts for nothing: a control plane that runs for long has had some. The newest push
     * comes first, so that one deployment comes of all of them.
     */
    private Target warmUp(World world, ApiClient api, SampleRepository repository, List<String> heads)
            throws Exception {
        Target target = target(world, api, repository);
        for (int storm = 0; storm < WARM_UP; storm++) {
            List<Delivery> deliveries = new ArrayList<>();
            while (deliveries.size() < DELIVERIES) {
                deliveries.addAll(
                        deliveries(List.of(target), repository.url(), heads).reversed());
            }
            send(world, deliveries, new Times());
        }
        settled(api, target.service(), 1);
        return target;
    }

    private List<Delivery> deliveries(List<Target> targets, String url, List<String> heads) {
        String repository = url.replaceFirst(".*/", "").replaceFirst("\\.git$", "");
        List<Delivery> all = new ArrayList<>();
        for (int i = 1; i <= HEADS; i++) {
            byte[] body = json.writeValueAsBytes(Map.of(
                    "ref",
                    "refs/heads/main",
                    "before",
                    heads.get(i - 1),
                    "after",
                    heads.get(i),
                    "repository",
                    Map.of("full_name", repository, "default_branch", "main"),
                    "head_commit",
                    Map.of("id", heads.get(i), "message", "Push " + i),
                    "commits",
                    List.of()));
            List<Delivery> round = new ArrayList<>();
            for (Target target : targets) {
                round.add(new Delivery(
                        target, heads.get(i), UUID.randomUUID().toString(), body, signature(target, body)));
            }
            all.addAll(round);
            if (i <= REPEATED) {
                all.addAll(round);
            }
        }
        return all;
    }

    /** Times count from when a delivery was due, so that one that had to wait for others is not flattered. */
    private List<Answered> send(World world, List<Delivery> deliveries, Times times) throws Exception {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        List<Future<Answered>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            for (int i = 0; i < deliveries.size(); i++) {
                Delivery delivery = deliveries.get(i);
                long due = start + TimeUnit.SECONDS.toNanos(1) * i / deliveries.size();
                FutureTask<Answered> answer = new FutureTask<>(() -> send(world, delivery, due, times));
                clock.schedule(() -> senders.execute(answer), due - System.nanoTime(), TimeUnit.NANOSECONDS);
                sent.add(answer);
            }
            List<Answered> answers = new ArrayList<>();
            for (Future<Answered> answer : sent) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private Answered send(World world, Delivery delivery, long due, Times times)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(delivery.request(world.installation().gateway()), HttpResponse.BodyHandlers.ofString());
        times.add(System.nanoTime() - due);
        if (answer.statusCode() != 200) {
            throw new IOException("a delivery was answered " + answer.statusCode() + ": " + answer.body());
        }
        JsonNode body = json.readTree(answer.body());
        return new Answered(
                delivery, body.path("status").asString(), body.path("reason").asString(""));
    }

    private static void report(
            Report report, ApiClient api, List<Target> targets, String last, List<Answered> answers, Times times)
            throws IOException, InterruptedException {
        int missing = 0;
        int superfluous = 0;
        int deployments = 0;
        for (Target target : targets) {
            List<Answered> own = answers.stream()
                    .filter(answer -> answer.delivery().target().equals(target))
                    .toList();
            List<String> accepted = own.stream()
                    .filter(answer -> answer.status().equals("accepted"))
                    .map(answer -> answer.delivery().head())
                    .toList();
            Map<String, Integer> byHead = settled(api, target.service(), accepted.size());
            deployments += byHead.values().stream().mapToInt(Integer::intValue).sum();
            missing += (int) accepted.stream()
                            .filter(head -> !byHead.containsKey(head))
                            .count()
                    + (byHead.containsKey(last) ? 0 : 1);
            superfluous += byHead.entrySet().stream()
                    .mapToInt(entry -> entry.getValue() - (accepted.contains(entry.getKey()) ? 1 : 0))
                    .sum();
        }
        Table table = report.table(
                "%d deliveries in one second to %d services".formatted(DELIVERIES, SERVICES), "what", "figure");
        table.row("accepted", count(answers, "accepted", ""));
        table.row("repeated", count(answers, "repeated", ""));
        table.row("overtaken by a later push", count(answers, "ignored", "a later push came before"));
        table.row("deployments", deployments);
        table.row("answered after ms, p50", times.median());
        table.row("answered after ms, p99", times.p99());
        report.atMost("delivery answered, slowest", times.max(), 1000, "ms");
        report.atMost("accepted or newest heads without a deployment", missing, 0, "");
        report.atMost("deployments beyond one per service and head", superfluous, 0, "");
        report.atMost(
                "deliveries ignored for another reason",
                answers.size()
                        - count(answers, "accepted", "")
                        - count(answers, "repeated", "")
                        - count(answers, "ignored", "a later push came before"),
                0,
                "");
    }

    private static int count(List<Answered> answers, String status, String reason) {
        return (int) answers.stream()
                .filter(answer ->
                        answer.status().equals(status) && (reason.isEmpty() || reason.equals(answer.reason())))
                .count();
    }

    /** How many deployments each head has, once as many as expected are there and all have ended; or at the end of all patience. */
    private static Map<String, Integer> settled(ApiClient api, String service, int expected)
            throws IOException, InterruptedException {
        try {
            World.within(PATIENCE, Duration.ofMillis(500)).until(() -> {
                List<JsonNode> all = deployments(api, service);
                return all.size() >= expected
                        && all.stream()
                                .allMatch(
                                        one -> World.hasEnded(one.path("status").asString()));
            });
        } catch (ConditionTimeoutException e) {
            // What is missing then is counted like all else.
        }
        Map<String, Integer> byHead = new HashMap<>();
        deployments(api, service)
                .forEach(one -> byHead.merge(one.path("commit_hash").asString(), 1, Integer::sum));
        return byHead;
    }

    private static List<JsonNode> deployments(ApiClient api, String service) throws IOException, InterruptedException {
        return api.get("/services/" + service + "/deployments?limit=100")
                .path("deployments")
                .valueStream()
                .toList();
    }

    private static String signature(Target target, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(target.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A service and its webhook's secret. */
    private record Target(String service, String secret) {

        @Override
        public String toString() {
            return service;
        }
    }

    private record Delivery(Target target, String head, String id, byte[] body, String signature) {

        HttpRequest request(String gateway) {
            return Browser.request(gateway + "/api/v1/webhooks/github/" + target.service())
                    .header("Content-Type", "application/json")
                    .header("X-GitHub-Event", "push")
                    .header("X-GitHub-Delivery", id)
                    .header("X-Hub-Signature-256", signature)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
        }
    }

    private record Answered(Delivery delivery, String status, String reason) {}
}
