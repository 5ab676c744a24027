package io.containr.agent.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.containr.contracts.project.Resources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong on the way means the same to every call of every client. */
class EveryCallTest {

    private static final Upid TASK = new Upid("UPID:n1:00000B34:000283D5:6B048FBC:vzcreate:10000:u@pve!a:");
    private static final GuestPlan PLAN = new GuestPlan(
            10000,
            "web-demo",
            "containr instance x",
            "containr",
            "local:vztmpl/a.tar",
            "local-lvm",
            new Resources(1500, 256, 2560),
            "vmbr0",
            "10.77.0.2/16",
            "10.77.0.1",
            true,
            true);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile int status = 200;
    private volatile boolean cut;
    private volatile String answer = "";
    private HttpServer server;
    private ProxmoxConnection connection;
    private Path file;

    @BeforeEach
    void serve(@TempDir Path directory) throws Exception {
        file = Files.writeString(directory.resolve("image.tar"), "layers");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        connection = ProxmoxConnection.open(
                new ProxmoxConnection.Endpoint(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        null,
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2)),
                ProxmoxConnection.token("u@pve!a=00000000-0000-0000-0000-000000000000"));
    }

    @AfterEach
    void stop() {
        connection.close();
        server.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body, 0, cut ? 3 : body.length);
        exchange.close();
    }

    /** One call of each method of each interface. */
    private Stream<ThrowingCallable> calls() {
        List<ThrowingCallable> calls = Stream.of(ofGuests(), ofFirewalls(), ofTheRest())
                .flatMap(List::stream)
                .toList();
        long asked = Stream.of(
                        Proxmox.class,
                        ProxmoxFirewall.class,
                        ProxmoxBackups.class,
                        ProxmoxUsage.class,
                        ProxmoxUploads.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> !method.isDefault())
                .count();
        assertThat(calls).as("every call of the interfaces").hasSize((int) asked);
        return calls.stream();
    }

    private List<ThrowingCallable> ofGuests() {
        Proxmox client = connection.proxmox();
        GuestConfig read = new GuestConfig("d1", "", Set.of(), new Mount("local-lvm:vm-1-disk-1", "/data", 96), 0, 0);
        Resources resources = new Resources(100, 16, 64);
        TreeSet<String> tags = new TreeSet<>(Set.of("containr"));
        return List.of(
                client::version,
                client::cluster,
                client::nodes,
                client::storages,
                () -> client.isFree(1),
                () -> client.pullImage("n1", "local", "registry/app@sha256:1", "app"),
                () -> client.templates("n1", "local"),
                () -> client.deleteTemplate("n1", "local", "local:vztmpl/app.tar"),
                () -> client.create("n1", PLAN),
                () -> client.status("n1", 1),
                () -> client.config("n1", 1),
                () -> client.configure("n1", 1, read, new GuestChange("/init", Map.of(), tags)),
                () -> client.restore("n1", 1, read, resources, tags),
                () -> client.addVolume("n1", 1, read, "local-lvm", 64, "/data"),
                () -> client.mountVolume("n1", 1, read, "local-lvm:vm-1-disk-1", "/data"),
                () -> client.growVolume("n1", 1, 128),
                () -> client.moveVolume("n1", 1, 2),
                () -> client.start("n1", 1),
                () -> client.shutdown("n1", 1, Duration.ofSeconds(1)),
                () -> client.stop("n1", 1),
                () -> client.destroy("n1", 1),
                () -> client.task(TASK),
                () -> client.log(TASK),
                () -> client.findTask("n1", "vzcreate", "1", Instant.EPOCH),
                () -> client.abort(TASK));
    }

    private List<ThrowingCallable> ofFirewalls() {
        ProxmoxFirewall client = connection.firewall();
        return List.of(
                () -> client.protect("n1", 1, List.of(), "project", List.of("10.77.0.2")),
                () -> client.admit("n1", 1, "project", List.of("10.77.0.2")),
                () -> client.addresses("n1"));
    }

    private List<ThrowingCallable> ofTheRest() {
        ProxmoxBackups backups = connection.backups();
        return List.of(
                () -> backups.backUp("n1", 1, "local", "notes"),
                () -> backups.archives("n1", "local", 1),
                () -> backups.restore("n1", 1, "local:backup/a.tar.zst", "local-lvm", "containr", "containr holder"),
                () -> backups.standIn("n1", 1, "local:vztmpl/a.tar", "local-lvm", "containr", "containr instance x"),
                () -> backups.deleteArchive("n1", "local:backup/a.tar.zst"),
                connection.usage()::usage,
                () -> connection.uploads().upload("n1", "local", file, "image.tar"));
    }

    private void assertEachIs(ProxmoxFailure failure) {
        assertThat(calls())
                .allSatisfy(call -> assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                ProxmoxException.class,
                                e -> assertThat(e.failure()).isEqualTo(failure)));
    }

    /** Each of these may have reached the node before the connection between the nodes broke. */
    @Test
    void whatANodeBehindAnotherDoesNotAnswerMayHaveTakenEffect() {
        for (int code = 595; code <= 599; code++) {
            status = code;
            assertEachIs(ProxmoxFailure.OUTCOME_UNKNOWN);
        }
    }

    @Test
    void anAnswerThatBreaksOffMayHaveTakenEffect() {
        answer = "{\"data\":null}";
        cut = true;
        assertEachIs(ProxmoxFailure.OUTCOME_UNKNOWN);
    }

    @Test
    void anAnswerThatIsNotProxmoxsMayHaveTakenEffect() {
        for (String other : List.of("<html>", "", "{}", "[]", "\"busy\"", "null")) {
            answer = other;
            assertEachIs(ProxmoxFailure.OUTCOME_UNKNOWN);
        }
    }

    @Test
    void refusalsOfTheTokenAreTold() {
        status = 401;
        assertEachIs(ProxmoxFailure.UNAUTHENTICATED);
        status = 403;
        assertEachIs(ProxmoxFailure.DENIED);
    }

    @Test
    void aRefusedConnectionMeansThatNothingHappened() {
        server.stop(0);
        assertEachIs(ProxmoxFailure.UNAVAILABLE);
    }

    @Test
    void theAgentsClientsAreAllMeasured() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        ProxmoxConfiguration beans = new ProxmoxConfiguration();
        status = 595;
        Map<String, ThrowingCallable> calls = Map.of(
                "version", beans.proxmox(connection, metrics)::version,
                "addresses", () -> beans.proxmoxFirewall(connection, metrics).addresses("n1"),
                "archives", () -> beans.proxmoxBackups(connection, metrics).archives("n1", "local", 1),
                "usage", beans.proxmoxUsage(connection, metrics)::usage,
                "upload", () -> beans.proxmoxUploads(connection, metrics).upload("n1", "local", file, "image.tar"));
        calls.forEach((name, call) -> {
            assertThatThrownBy(call).isInstanceOf(ProxmoxException.class);
            assertThat(metrics.get("containr.proxmox.calls")
                            .tags("call", name, "outcome", "OUTCOME_UNKNOWN")
                            .timer()
                            .count())
                    .isOne();
        });
    }
}
