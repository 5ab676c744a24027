package io.containr.agent.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.containr.contracts.project.Resources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

class ProxmoxClientTest {

    private static final String TASK = "UPID:n1:00000B34:000283D5:6B048FBC:vzcreate:10000:u@pve!a:";

    private record Seen(String method, String uri, String body, String length, String transferEncoding) {
        Map<String, String> form() {
            return Arrays.stream(body.split("&"))
                    .map(field -> field.split("=", 2))
                    .collect(Collectors.toMap(
                            field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
        }
    }

    private final List<Seen> seen = new ArrayList<>();
    private volatile int status = 200;
    private volatile boolean cut;
    private volatile String answer = "{\"data\":null}";
    private HttpServer server;
    private ProxmoxClient client;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(Duration.ofSeconds(1));
        client = new ProxmoxClient(new ProxmoxTransport(RestClient.builder()
                .requestFactory(requests)
                .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/api2/json")
                .build()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        seen.add(new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                exchange.getRequestHeaders().getFirst("Content-Length"),
                exchange.getRequestHeaders().getFirst("Transfer-Encoding")));
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        if (cut) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body, 0, 3);
            exchange.getResponseBody().flush();
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static GuestPlan plan() {
        return new GuestPlan(
                10000,
                "web-demo",
                "containr instance x & y",
                "containr",
                "local:vztmpl/a.tar",
                "local-lvm",
                new Resources(1500, 256, 2560),
                "vmbr0",
                "10.77.0.2/16",
                "10.77.0.1",
                false,
                true);
    }

    /** What Proxmox VE refused to a guest that runs waits for its next start, and is shown as if it were so already. */
    @Test
    void limitsAreThoseInEffectAndNotWhatWaitsForTheNextStart() {
        answer =
                "{\"data\":{\"digest\":\"d\",\"memory\":64,\"cores\":2,\"cpulimit\":\"1.5\",\"description\":\"x\\n\"}}";

        GuestConfig read = client.config("n1", 10000);

        assertThat(read.memoryMiB()).isEqualTo(64);
        assertThat(read.cpuMillis()).isEqualTo(1500);
        assertThat(seen.getFirst().uri()).isEqualTo("/api2/json/nodes/n1/lxc/10000/config?current=1");
    }

    @Test
    void aGuestIsAskedForInOneFormOfKnownLength() {
        answer = "{\"data\":\"" + TASK + "\"}";
        Upid upid = client.create("n1", plan());
        assertThat(upid.value()).isEqualTo(TASK);
        Seen request = seen.getFirst();
        assertThat(request.uri()).isEqualTo("/api2/json/nodes/n1/lxc");
        assertThat(request.transferEncoding()).isNull();
        assertThat(request.length()).isEqualTo(Integer.toString(request.body().length()));
        assertThat(request.form())
                .containsEntry("vmid", "10000")
                .containsEntry("description", "containr instance x & y")
                .containsEntry("rootfs", "local-lvm:2.5")
                .containsEntry("cores", "2")
                .containsEntry("cpulimit", "1.5")
                .containsEntry("ostype", "unmanaged")
                .containsEntry("unprivileged", "1")
                .containsEntry("pool", "containr")
                .containsEntry(
                        "net0",
                        "name=eth0,bridge=vmbr0,firewall=0,gw=10.77.0.1,host-managed=1,ip=10.77.0.2/16,type=veth")
                .doesNotContainKeys("tags", "env", "entrypoint", "start");
    }

    @Test
    void theEnvironmentTravelsSeparatedByNul() {
        client.configure(
                "n1",
                10000,
                new GuestConfig("abc", "", new TreeSet<>(), null, 0, 0),
                new GuestChange("/init", Map.of("B", "2", "A", "one two"), new TreeSet<>(List.of("t2", "t1"))));
        assertThat(seen.getFirst().method()).isEqualTo("PUT");
        assertThat(seen.getFirst().form())
                .containsEntry("env", "A=one two\0B=2")
                .containsEntry("tags", "t1;t2")
                .containsEntry("digest", "abc")
                .containsEntry("entrypoint", "/init");
    }

    @Test
    void parametersOfADeletionStandInTheQueryAndVolumeIdsAreEncoded() {
        client.deleteTemplate("n1", "local", "local:vztmpl/a b.tar");
        Seen request = seen.getFirst();
        assertThat(request.method()).isEqualTo("DELETE");
        assertThat(request.uri())
                .isEqualTo("/api2/json/nodes/n1/storage/local/content/local%3Avztmpl%2Fa%20b.tar?delay=10");
        assertThat(request.body()).isEmpty();
    }

    @Test
    void taskIdsAreEncodedAndTheirEndIsRead() {
        answer = "{\"data\":{\"status\":\"stopped\",\"exitstatus\":\"WARNINGS: 1\",\"pid\":\"12\"}}";
        assertThat(client.task(new Upid(TASK))).contains(new TaskStatus.Succeeded());
        assertThat(seen.getFirst().uri()).contains("UPID%3An1").contains("%40pve%21a%3A/status");
        answer = "{\"data\":{\"status\":\"stopped\",\"exitstatus\":\"it broke\"}}";
        assertThat(client.task(new Upid(TASK))).contains(new TaskStatus.Failed("it broke"));
        answer = "{\"data\":{\"status\":\"running\"}}";
        assertThat(client.task(new Upid(TASK))).contains(new TaskStatus.Running());
    }

    @Test
    void numbersThatComeAsTextAreNumbers() {
        answer = """
                {"data":[{"type":"node","node":"n1","status":"online","maxmem":"1073741824","mem":5,
                  "maxcpu":"4","cpu":0.25,"hastate":"maintenance"},
                 {"type":"lxc","vmid":"10001","node":"n1","status":"running","pool":"containr","tags":"b;a"},
                 {"type":"storage","storage":"local","status":"available"}]}""";
        ClusterView view = client.cluster();
        assertThat(view.nodes()).containsExactly(new ClusterView.Node("n1", true, true, 1073741824, 5, 4000, 1000));
        assertThat(client.nodes()).contains(view.nodes().getFirst());
        assertThat(view.guest(10001).orElseThrow().tags()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aMissingGuestIsAbsentAndATakenNumberIsNotFree() {
        status = 500;
        answer = "{\"data\":null,\"message\":\"Configuration file 'nodes/n1/lxc/1.conf' does not exist\\n\"}";
        assertThat(client.status("n1", 1)).isEmpty();
        status = 400;
        answer =
                "{\"data\":null,\"message\":\"Parameter verification failed.\\n\",\"errors\":{\"vmid\":\"VM 1 already exists\"}}";
        assertThat(client.isFree(1)).isFalse();
    }

    @Test
    void aVolumeThatIsMountedElsewhereKeepsItsSize() {
        GuestConfig read = new GuestConfig("d1", "", Set.of(), new Mount("local-lvm:vm-1-disk-1", "/data", 96), 0, 0);
        client.mountVolume("n1", 1, read, "local-lvm:vm-1-disk-1", "/elsewhere");
        Mount mounted =
                Mount.parse(Objects.requireNonNull(seen.getFirst().form().get("mp0")));
        assertThat(mounted).isEqualTo(new Mount("local-lvm:vm-1-disk-1", "/elsewhere", 96));
    }

    @Test
    void anEmptyRefusalIsUnderstood() {
        status = 595;
        answer = "";
        assertFailure(ProxmoxFailure.OUTCOME_UNKNOWN);
        status = 401;
        assertFailure(ProxmoxFailure.UNAUTHENTICATED);
    }

    @Test
    void garbageIsAnUnknownOutcome() {
        answer = "<html>";
        assertFailure(ProxmoxFailure.OUTCOME_UNKNOWN);
        answer = "{\"data\":\"no task\"}";
        assertFailure(ProxmoxFailure.OUTCOME_UNKNOWN);
    }

    @Test
    void aRefusedConnectionMeansThatNothingHappened() {
        server.stop(0);
        assertFailure(ProxmoxFailure.UNAVAILABLE);
    }

    /** The head of the answer came, and then nothing more. */
    @Test
    void anAnswerThatStopsInTheMiddleIsGivenUpWithAnUnknownOutcome() {
        cut = true;
        long begin = System.nanoTime();
        assertFailure(ProxmoxFailure.OUTCOME_UNKNOWN);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    private void assertFailure(ProxmoxFailure failure) {
        assertThatThrownBy(() -> client.start("n1", 1))
                .isInstanceOfSatisfying(
                        ProxmoxException.class, e -> assertThat(e.failure()).isEqualTo(failure));
    }
}
