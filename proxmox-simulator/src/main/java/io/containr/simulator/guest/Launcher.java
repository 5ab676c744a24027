package io.containr.simulator.guest;

import com.github.dockerjava.api.exception.DockerException;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.engine.Bridge;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.engine.GuestSpec;
import io.containr.simulator.engine.GuestSpec.Limits;
import io.containr.simulator.engine.GuestState;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.StoredVolume;
import io.containr.simulator.task.TaskLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a guest's container into the shape its configuration asks for. The root file system outlives every change: a container that has
 * run and must be made anew is first turned into the image the new one stands on. Callers hold the guest's lock.
 */
final class Launcher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    static final String BRIDGE = "vmbr0";
    private static final long MEBIBYTE = 1024 * 1024;

    private final Guests guests;
    private final Engine engine;
    private final Bridge bridge;
    private final Storages storages;
    private final int processors;
    private final GuestFirewalls firewalls;
    private final Executor background;

    Launcher(
            Guests guests,
            Engine engine,
            Bridge bridge,
            Storages storages,
            GuestFirewalls firewalls,
            Executor background) {
        this.guests = guests;
        this.engine = engine;
        this.bridge = bridge;
        this.storages = storages;
        this.processors = engine.processors();
        this.firewalls = firewalls;
        this.background = background;
    }

    int processors() {
        return processors;
    }

    Optional<GuestState> state(int vmid) {
        return engine.containers().find(vmid);
    }

    boolean running(int vmid) {
        return state(vmid).filter(GuestState::running).isPresent();
    }

    /** Takes over pending values and starts; fails where the process is not there afterwards. */
    void start(Guest before, TaskLog log) {
        Guest guest = guests.update(before.vmid(), Guest::settled);
        int vmid = guest.vmid();
        guest.network()
                .map(NetworkDevice::bridge)
                .filter(name -> !name.equals(BRIDGE))
                .ifPresent(name -> {
                    throw ApiException.failed("bridge '" + name + "' does not exist");
                });
        try {
            prepare(guest);
            firewalls.starting(guest);
            engine.containers().start(vmid);
        } catch (DockerException e) {
            log.line("lxc-start: " + vmid + ": " + e.getMessage());
            throw ApiException.failed("startup for container '" + vmid + "' failed");
        } finally {
            firewalls.started(guest);
        }
        if (!running(vmid)) {
            throw ApiException.failed("unable to get PID for CT " + vmid + " (not running?)");
        }
    }

    /** Makes a stopped guest's container ready in the background, so that its start is a start and no more. */
    void prepareSoon(int vmid) {
        background.execute(() -> {
            try {
                guests.locked(vmid, () -> {
                    guests.find(vmid)
                            .filter(guest -> guest.lock().isEmpty() && !running(vmid))
                            .ifPresent(this::prepare);
                    return vmid;
                });
            } catch (InterruptedException | IOException | RuntimeException e) {
                LOG.debug("guest {} is made ready when it is started", vmid, e);
            }
        });
    }

    /** Makes sure that a stopped guest has a container of the right shape. */
    void prepare(Guest guest) {
        GuestSpec spec = spec(guest);
        Optional<GuestState> state = state(guest.vmid());
        if (state.isPresent() && state.get().launchHash().equals(spec.launchHash())) {
            engine.containers().limit(guest.vmid(), spec.limits());
            return;
        }
        Guest base = guest;
        if (state.isPresent()) {
            base = state.get().everStarted() ? keepRoot(guest) : guest;
            engine.containers().remove(guest.vmid());
        }
        GuestSpec anew = spec(base);
        engine.containers()
                .create(anew, bridge, engine.images().inspect(anew.image()).environment());
    }

    /** Reads what a guest holds. */
    @FunctionalInterface
    interface Copying {
        void copy() throws IOException, InterruptedException;
    }

    /** Nothing of the guest runs meanwhile, so that what is copied is of one moment. */
    void atOneMoment(Guest guest, Copying copying) throws IOException, InterruptedException {
        boolean running = running(guest.vmid());
        if (running) {
            engine.containers().freeze(guest.vmid());
        }
        try {
            copying.copy();
        } finally {
            if (running) {
                engine.containers().resume(guest.vmid());
            }
        }
    }

    /** Takes a stopped guest's container away, so that nothing holds on to its volumes; the root file system is kept. */
    void letGo(Guest guest) {
        state(guest.vmid()).filter(state -> !state.running()).ifPresent(state -> {
            if (state.everStarted()) {
                keepRoot(guest);
            }
            engine.containers().remove(guest.vmid());
        });
    }

    /** Turns the root file system as it is into the image that the guest stands on. */
    Guest keepRoot(Guest guest) {
        String image = engine.images().tag(engine.containers().commit(guest.vmid()));
        Guest changed = guests.update(guest.vmid(), current -> current.withImage(image));
        engine.images().release(guest.image());
        return changed;
    }

    /** What the guest's limits are now, brought to a running container. */
    void applyLimits(Guest guest) {
        engine.containers().limit(guest.vmid(), limits(guest));
    }

    private GuestSpec spec(Guest guest) {
        Optional<NetworkDevice> network = guest.network();
        return new GuestSpec(
                guest.vmid(),
                guest.image(),
                CommandLine.split(guest.value("entrypoint").orElse("/sbin/init")),
                environment(guest),
                guest.rawValue("lxc.init.uid").orElse("0") + ":"
                        + guest.rawValue("lxc.init.gid").orElse("0"),
                guest.rawValue("lxc.init.cwd").orElse("/"),
                guest.rawValue("lxc.signal.halt").orElse("SIGTERM"),
                guest.hostname(),
                network.map(NetworkDevice::address).orElse(null),
                network.map(NetworkDevice::hardwareAddress).orElse(null),
                mounts(guest),
                limits(guest));
    }

    private static Map<String, String> environment(Guest guest) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("container", "lxc");
        environment.put("TERM", "linux");
        guest.value("env").filter(env -> !env.isEmpty()).ifPresent(env -> {
            for (String variable : env.split("\0")) {
                String[] parts = variable.split("=", 2);
                environment.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
        });
        return environment;
    }

    private List<GuestSpec.Mount> mounts(Guest guest) {
        List<GuestSpec.Mount> mounts = new ArrayList<>();
        Map<String, MountPoint> own = guest.mounts();
        own.values()
                .forEach(mount -> mounts.add(new GuestSpec.Mount(
                        backing(guest.node(), mount.volume()), mount.path(), mount.readOnly(), false)));
        guest.imageVolumes().forEach((path, volume) -> {
            if (own.values().stream().noneMatch(mount -> mount.path().equals(path))) {
                mounts.add(new GuestSpec.Mount(volume, path, false, true));
            }
        });
        return mounts;
    }

    /** The engine's volume behind a volume id. */
    String backing(String node, String volid) {
        StoredVolume volume = storages.find(node, volid)
                .orElseThrow(() -> ApiException.failed("volume '" + volid + "' does not exist"));
        return Objects.requireNonNull(volume.volume(), volid);
    }

    private Limits limits(Guest guest) {
        double limit = guest.value("cpulimit").map(Double::parseDouble).orElse(0.0);
        double wanted = limit > 0 ? limit : guest.number("cores", processors);
        long nano = wanted >= processors ? 0 : (long) (wanted * 1_000_000_000L);
        return new Limits(guest.number("memory", 512) * MEBIBYTE, guest.number("swap", 512) * MEBIBYTE, nano);
    }
}
