package io.containr.simulator;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.AccessEndpoints;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.access.Authenticator;
import io.containr.simulator.access.LeastPrivilege;
import io.containr.simulator.access.Pools;
import io.containr.simulator.access.Tickets;
import io.containr.simulator.api.ApiHandler;
import io.containr.simulator.api.Router;
import io.containr.simulator.cluster.ClusterEndpoints;
import io.containr.simulator.cluster.DatacenterFirewall;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.cluster.Nodes;
import io.containr.simulator.engine.Bridge;
import io.containr.simulator.engine.DockerEngine;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.engine.GuestListener;
import io.containr.simulator.engine.NoEngine;
import io.containr.simulator.fault.FaultEndpoint;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.guest.GuestApi;
import io.containr.simulator.guest.Guests;
import io.containr.simulator.schema.ApiSchema;
import io.containr.simulator.state.JsonFile;
import io.containr.simulator.storage.StorageEndpoints;
import io.containr.simulator.storage.StorageSpec;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.TemplateEndpoints;
import io.containr.simulator.storage.Templates;
import io.containr.simulator.task.TaskEndpoints;
import io.containr.simulator.task.Tasks;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A running simulator. It serves HTTPS until it is closed; its state and its guests outlive it, and the next one started in the same
 * directory takes them over.
 */
public final class SimulatorServer implements AutoCloseable {

    private record Instance(String id) {}

    private final Faults faults = new Faults();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Certificate certificate;
    private final Engine engine;
    private final Bridge bridge;
    private final AccessControl access;
    private final LeastPrivilege setUp;
    private final List<String> nodes;
    private final List<String> storages;
    private final GuestApi guests;
    private final Templates templates;
    private final Tasks tasks;
    private final Undertow server;

    /** Starts serving; fails where the engine does not answer or the port is taken. */
    public static SimulatorServer start(SimulatorConfig config) {
        try {
            Path directory = Files.createDirectories(config.directory().toAbsolutePath());
            Path temporary = Files.createDirectories(directory.resolve("tmp"));
            return new SimulatorServer(config, directory, temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SimulatorServer(SimulatorConfig config, Path directory, Path temporary) throws IOException {
        Instant boot = config.clock().instant();
        certificate = Certificate.in(directory);
        String instance = instance(directory);
        GuestListener listener = config.engine().listener();
        engine = listener == null
                ? new DockerEngine(config.engine().dockerHost(), instance, temporary)
                : new NoEngine(listener, config.clock());
        String network = config.network().name();
        bridge = engine.bridge(
                network == null ? "containr-sim-" + instance : network,
                config.network().subnet());
        access = new AccessControl(directory);
        Pools pools = new Pools(access);
        setUp = new LeastPrivilege(access, pools);
        config.tokens().forEach(fixed -> setUp.install(fixed.token(), fixed.rolesByPath()));
        nodes = config.nodes().stream().map(NodeSpec::name).toList();
        storages = config.storages().stream().map(StorageSpec::id).toList();
        Storages stores = new Storages(directory, nodes, config.storages(), config.clock(), faults);
        Guests known = new Guests(directory, faults, config.lockWait());
        DatacenterFirewall firewall =
                new DatacenterFirewall(directory, config.network().firewalled());
        guests = new GuestApi(known, engine, bridge, stores, access, pools, faults, firewall::enabled, config.clock());
        guests.recover(temporary);
        tasks = new Tasks(
                directory, config.clock(), boot, config.delays(), faults, vmid -> guests.kill(Integer.parseInt(vmid)));
        templates = new Templates(stores, engine.images(), directory, temporary, config.clock());
        Nodes cluster = new Nodes(config.nodes(), stores, guests.view(), faults, config.clock(), boot, fingerprint());
        Tickets tickets = new Tickets(config.clock());
        Authenticator authenticator = new Authenticator(access, tickets);

        ApiSchema schema = ApiSchema.load();
        Router router = new Router(schema);
        new AccessEndpoints(access, pools, tickets, config.rootPassword()).addTo(router);
        new ClusterEndpoints(cluster, known, guests.view(), stores, access, pools, faults, bridge).addTo(router);
        firewall.addTo(router, guests.firewalls()::refresh);
        new TaskEndpoints(tasks, access).addTo(router);
        new StorageEndpoints(stores, tasks, access, engine.images(), engine.volumes(), known::exists).addTo(router);
        new TemplateEndpoints(stores, templates, tasks, temporary).addTo(router);
        guests.addTo(router, schema, stores, templates, tasks, pools, faults, directory, temporary, config.clock());

        ApiHandler api = new ApiHandler(
                router,
                authenticator,
                access,
                cluster,
                faults,
                temporary,
                config.delays().refusal(),
                executor);
        server = Undertow.builder()
                .addHttpsListener(config.port(), config.address().getHostAddress(), certificate.context())
                .setIoThreads(2)
                .setWorkerThreads(4)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                // Uploads have no limit; everything else is measured where it is read.
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setServerOption(UndertowOptions.MULTIPART_MAX_ENTITY_SIZE, -1L)
                .setHandler(Handlers.path(api)
                        .addExactPath(
                                FaultEndpoint.PATH,
                                new FaultEndpoint(faults, authenticator, guests::killAll, executor)))
                .build();
        server.start();
    }

    /** How the names of images begin in the engine that a simulator with its data there makes; empty where none was started yet. */
    public static Optional<String> imagePrefix(Path directory) {
        return instanceFile(directory).read().map(instance -> DockerEngine.imagePrefix(instance.id()));
    }

    private static JsonFile<Instance> instanceFile(Path directory) {
        return new JsonFile<>(directory.resolve("instance.json"), Instance.class);
    }

    private static String instance(Path directory) {
        JsonFile<Instance> file = instanceFile(directory);
        return file.read()
                .orElseGet(() -> {
                    byte[] random = new byte[4];
                    ThreadLocalRandom.current().nextBytes(random);
                    Instance fresh = new Instance(HexFormat.of().formatHex(random));
                    file.write(fresh);
                    return fresh;
                })
                .id();
    }

    /** Such as {@code https://127.0.0.1:8006}; the API is below {@code /api2/json}. */
    public URI baseUri() {
        InetSocketAddress bound =
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        InetAddress address = bound.getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort());
    }

    /** SHA-256 of the certificate, upper-case pairs with colons. */
    public String fingerprint() {
        try {
            return certificate.fingerprint();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate that clients have to trust. */
    public String caPem() {
        try {
            return certificate.pem();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Faults faults() {
        return faults;
    }

    /** What guests hang on: give them addresses of its subnet, and its gateway. */
    public Bridge network() {
        return bridge;
    }

    /** User, token, pool and rights, just enough to run guests in the pool; the same token whenever it is called. */
    public ApiToken setUpPool(String pool) {
        return setUp.setUp(pool, nodes, storages);
    }

    /** {@code root@pam!simulator}: may do everything that any token may. */
    public ApiToken rootToken() {
        return setUp.rootToken("simulator");
    }

    /** Cuts a node's power: its guests end at once, and it is out of reach until it is put online again. */
    public void powerCut(String node) {
        faults.nodeOffline(node);
        guests.killAll(node);
    }

    /** Stops serving. Guests run on. */
    @Override
    public void close() {
        close(false);
    }

    /** @param deleteAll removes the guests, their volumes and images and the network, too */
    public void close(boolean deleteAll) {
        server.stop();
        tasks.close();
        guests.close();
        executor.shutdownNow();
        templates.close();
        if (deleteAll) {
            guests.firewalls().remove();
            engine.removeEverything(bridge);
        }
        engine.close();
    }
}
