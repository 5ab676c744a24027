package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.GuestChange;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.Upid;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** A guest from its creation until it runs. */
final class GuestChecks {

    static final String CREATED = "a guest is created";
    static final String CONFIGURED = "it is configured";
    static final String STARTED = "it starts";
    static final String RACED = "one of three creations with a number wins";

    /** Data spread in the cluster are this old at most, with room. */
    private static final Duration SPREAD = Duration.ofSeconds(40);

    private final Lab lab;
    private final Proxmox proxmox;

    GuestChecks(Lab lab) {
        this.lab = lab;
        this.proxmox = lab.proxmox();
    }

    List<Check> all() {
        return List.of(
                new Check("guest", CREATED, this::create),
                new Check("guest", "its number is taken now", this::taken),
                new Check("guest", RACED, this::race),
                new Check("guest", "without its image nothing is left", this::missingTemplate),
                new Check("guest", "a wrong host name is named", this::wrongHostname),
                new Check("guest", "it has the image's entrypoint and environment", this::imageDefaults),
                new Check("guest", CONFIGURED, this::configure),
                new Check("guest", "an outdated digest is refused", this::digest),
                new Check("guest", "it does not stop before it runs", this::stopStopped),
                new Check("guest", STARTED, this::start),
                new Check("guest", "it has its address", this::interfaces),
                new Check("guest", "inside is what was configured", this::inside),
                new Check("guest", "it does not start twice", this::startAgain),
                new Check("guest", "it is not destroyed while it runs", this::destroyRunning),
                new Check("guest", "memory changes while it runs", this::hotMemory),
                new Check("guest", "an entrypoint waits for the next start", this::pending),
                new Check("guest", "its history is told", this::history),
                new Check("guest", "it ends when it is told to", this::shutdown));
    }

    private int vmid() {
        return lab.vmid(0);
    }

    private String create() throws InterruptedException {
        lab.need(TemplateChecks.PULLED);
        lab.succeed(proxmox.create(lab.node(), lab.plan(vmid())));
        unless(!lab.running(vmid()), "it runs");
        GuestConfig config = proxmox.config(lab.node(), vmid());
        unless(config.description().startsWith(Lab.MARK), "description: " + config.description());
        unless(!config.digest().isEmpty(), "no digest");
        lab.await(
                "in its pool, as the cluster sees it",
                SPREAD,
                () -> proxmox.cluster()
                        .guest(vmid())
                        .filter(guest -> lab.target().pool().equals(guest.pool()))
                        .isPresent());
        return "number " + vmid();
    }

    private String taken() {
        lab.need(CREATED);
        unless(!proxmox.isFree(vmid()), "said to be free");
        return Lab.refused(() -> proxmox.create(lab.node(), lab.plan(vmid())), ProxmoxFailure.EXISTS);
    }

    private String race() throws Exception {
        lab.need(TemplateChecks.PULLED);
        int contested = lab.vmid(1);
        int wins = 0;
        List<String> losers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Callable<Upid> creation = () -> proxmox.create(lab.node(), lab.plan(contested));
            for (Future<Upid> each : threads.invokeAll(List.of(creation, creation, creation))) {
                try {
                    lab.succeed(each.get());
                    wins++;
                } catch (CheckFailedException e) {
                    losers.add("task: " + e.getMessage());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof ProxmoxException refusal)) {
                        throw e;
                    }
                    unless(
                            refusal.is(ProxmoxFailure.EXISTS) || refusal.is(ProxmoxFailure.LOCKED),
                            "understood as " + refusal.failure() + ": " + refusal.getMessage());
                    losers.add(refusal.failure().name());
                }
            }
        }
        unless(wins == 1, wins + " won; " + losers);
        return "the others: " + losers;
    }

    private String missingTemplate() throws InterruptedException {
        int vmid = lab.vmid(2);
        String reason = lab.failure(proxmox.create(
                lab.node(),
                lab.plan(
                        vmid,
                        lab.target().templateStorage() + ":vztmpl/containr-nosuch.tar",
                        lab.target().rootStorage())));
        unless(proxmox.isFree(vmid), "something is left of it");
        return reason;
    }

    private String wrongHostname() {
        String said = Lab.refused(
                () -> lab.http()
                        .post(
                                Map.of(
                                        "vmid", Integer.toString(lab.vmid(2)),
                                        "ostemplate", lab.template(),
                                        "pool", lab.target().pool(),
                                        "hostname", "no_host"),
                                "/nodes/{node}/lxc",
                                lab.node()),
                ProxmoxFailure.INVALID);
        unless(said.contains("hostname"), "the field is not named: " + said);
        return said;
    }

    private String imageDefaults() {
        lab.need(CREATED);
        JsonNode config = lab.config(vmid());
        String entrypoint = config.path("entrypoint").asString("");
        unless(entrypoint.contains(TestImage.SERVER) && entrypoint.contains("two words"), "entrypoint " + entrypoint);
        String environment = config.path("env").asString("");
        unless(environment.contains("FROM_IMAGE=yes"), "environment " + environment.replace('\0', ' '));
        return entrypoint;
    }

    private String configure() {
        lab.need(CREATED);
        GuestConfig read = proxmox.config(lab.node(), vmid());
        proxmox.configure(
                lab.node(),
                vmid(),
                read,
                new GuestChange(
                        TestImage.SERVER, Map.of("ONE", "1", "TWO", "a b=c\"d'"), new TreeSet<>(List.of(Lab.TAG))));
        JsonNode config = lab.config(vmid());
        unless(config.path("env").asString("").contains("TWO=a b=c\"d'"), "environment " + config.path("env"));
        unless(!config.path("env").asString("").contains("FROM_IMAGE"), "the image's variables are still there");
        GuestConfig now = proxmox.config(lab.node(), vmid());
        unless(now.tags().contains(Lab.TAG), "tags " + now.tags());
        unless(!now.digest().equals(read.digest()), "the digest stays");
        return "tags " + now.tags();
    }

    private String digest() {
        lab.need(CONFIGURED);
        GuestConfig read = proxmox.config(lab.node(), vmid());
        GuestConfig outdated = new GuestConfig(
                "0".repeat(40), read.description(), read.tags(), read.volume(), read.memoryMiB(), read.cpuMillis());
        return Lab.refused(
                () -> proxmox.configure(
                        lab.node(),
                        vmid(),
                        outdated,
                        new GuestChange(TestImage.DEAF, Map.of("ONE", "1"), new TreeSet<>(read.tags()))),
                ProxmoxFailure.CHANGED);
    }

    private String stopStopped() {
        lab.need(CREATED);
        unless(interfacesOf(vmid()).isEmpty(), "it has interfaces");
        return Lab.refused(() -> proxmox.stop(lab.node(), vmid()), ProxmoxFailure.NOT_RUNNING);
    }

    private String start() throws InterruptedException {
        lab.need(CONFIGURED);
        Upid task = proxmox.start(lab.node(), vmid());
        lab.succeed(task);
        unless(lab.running(vmid()), "it does not run");
        return task.type();
    }

    private String interfaces() throws InterruptedException {
        lab.need(STARTED);
        String address = lab.target().address().replaceFirst("/.*", "");
        lab.await(
                "its address is there",
                Duration.ofSeconds(15),
                () -> interfacesOf(vmid()).toString().contains(address));
        return address;
    }

    private JsonNode interfacesOf(int vmid) {
        return lab.http().get("/nodes/{node}/lxc/{vmid}/interfaces", lab.node(), vmid);
    }

    private String inside() throws Exception {
        lab.need(STARTED);
        URI uri =
                URI.create("http://" + lab.target().address().replaceFirst("/.*", "") + ":" + TestImage.PORT + "/env");
        StringBuilder seen = new StringBuilder();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
            lab.await(
                    "it answers",
                    Duration.ofSeconds(15),
                    () -> !seen.append(body(http, request)).isEmpty());
        } catch (CheckFailedException e) {
            if (lab.target().reachable()) {
                throw e;
            }
            throw new SkippedException(uri.getHost() + " cannot be reached from here");
        }
        List<String> variables = seen.toString().lines().toList();
        unless(variables.contains("ONE=1") && variables.contains("TWO=a b=c\"d'"), "variables " + variables);
        unless(!variables.contains("FROM_IMAGE=yes"), "the image's variables are there, too");
        return variables.toString();
    }

    /** Empty where nothing answers. */
    private static String body(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private String startAgain() {
        lab.need(STARTED);
        return Lab.refused(() -> proxmox.start(lab.node(), vmid()), ProxmoxFailure.ALREADY_RUNNING);
    }

    private String destroyRunning() {
        lab.need(STARTED);
        return Lab.refused(() -> proxmox.destroy(lab.node(), vmid()), ProxmoxFailure.RUNNING);
    }

    private String hotMemory() {
        lab.need(STARTED);
        put(Map.of("memory", "96"));
        JsonNode memory = lab.http()
                .get("/nodes/{node}/lxc/{vmid}/config?current=1", lab.node(), vmid())
                .path("memory");
        unless(memory.asInt(0) == 96, "memory " + memory);
        return "96 MiB, as " + memory.getNodeType();
    }

    private String pending() {
        lab.need(STARTED);
        put(Map.of("entrypoint", TestImage.DEAF));
        JsonNode entry = lab.http()
                .get("/nodes/{node}/lxc/{vmid}/pending", lab.node(), vmid())
                .valueStream()
                .filter(each -> each.path("key").asString("").equals("entrypoint"))
                .findFirst()
                .orElseThrow(() -> new CheckFailedException("no entrypoint"));
        unless(entry.path("pending").asString("").equals(TestImage.DEAF), entry.toString());
        put(Map.of("revert", "entrypoint"));
        return entry.toString();
    }

    private void put(Map<String, String> change) {
        lab.http().put(change, "/nodes/{node}/lxc/{vmid}/config", lab.node(), vmid());
    }

    private String history() {
        lab.need(STARTED);
        JsonNode rows =
                lab.http().get("/nodes/{node}/lxc/{vmid}/rrddata?timeframe=hour&cf=AVERAGE", lab.node(), vmid());
        unless(
                rows.isArray()
                        && rows.valueStream().allMatch(row -> row.path("time").asLong(0) > 0),
                rows.toString());
        return rows.size() + " rows";
    }

    private String shutdown() throws InterruptedException {
        lab.need(STARTED);
        lab.succeed(proxmox.shutdown(lab.node(), vmid(), Duration.ofSeconds(20)));
        unless(!lab.running(vmid()), "it runs");
        return Lab.refused(() -> proxmox.stop(lab.node(), vmid()), ProxmoxFailure.NOT_RUNNING);
    }
}
