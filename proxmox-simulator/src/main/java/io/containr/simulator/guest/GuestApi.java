package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Pools;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Bridge;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.filter.PacketFilter;
import io.containr.simulator.schema.ApiSchema;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.Templates;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Everything about guests, put together: their endpoints, their view for others, and their recovery after a crash. */
public final class GuestApi implements AutoCloseable {

    private final Guests guests;
    private final Engine engine;
    private final AccessControl access;
    private final Volumes volumes;
    private final Sampler sampler;
    private final StatusView view;
    private final Launcher launcher;
    private final GuestFirewalls firewalls;
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    public GuestApi(
            Guests guests,
            Engine engine,
            Bridge bridge,
            Storages storages,
            AccessControl access,
            Pools pools,
            Faults faults,
            BooleanSupplier firewall,
            Clock clock) {
        this.guests = guests;
        this.engine = engine;
        this.access = access;
        this.volumes = new Volumes(storages, engine);
        this.firewalls = new GuestFirewalls(guests, engine.containers(), PacketFilter.of(bridge.device()), firewall);
        this.launcher = new Launcher(guests, engine, bridge, storages, firewalls, background);
        this.sampler = new Sampler(engine.containers(), clock);
        this.view = new StatusView(guests, engine.containers(), sampler, pools, faults, clock, launcher.processors());
    }

    public StatusView view() {
        return view;
    }

    public void addTo(
            Router router,
            ApiSchema schema,
            Storages storages,
            Templates templates,
            Tasks tasks,
            Pools pools,
            Faults faults,
            Path directory,
            Path temporary,
            Clock clock) {
        PowerEndpoints power = new PowerEndpoints(guests, launcher, engine.containers(), tasks, faults);
        BackupArchive archive = new BackupArchive(engine, storages, temporary);
        Restore restore = new Restore(guests, launcher, volumes, storages, tasks, access, pools, archive);
        new CreateEndpoint(guests, volumes, templates, engine, tasks, access, pools, power, restore).addTo(router);
        power.addTo(router);
        new DestroyEndpoint(guests, launcher, volumes, power, tasks, access, faults, firewalls).addTo(router);
        new ConfigEndpoints(guests, launcher, volumes, new ConfigPermissions(access), new ConfigView(schema), faults)
                .addTo(router);
        new StatusEndpoints(guests, view, sampler, volumes, access, clock).addTo(router);
        new FirewallEndpoints(guests, firewalls, schema).addTo(router);
        new AddressSetEndpoints(guests, firewalls).addTo(router);
        new SnapshotEndpoints(guests, launcher, volumes, storages, engine, power, tasks, clock).addTo(router);
        new VolumeEndpoints(guests, launcher, volumes, storages, tasks, access).addTo(router);
        new CloneEndpoint(guests, launcher, volumes, storages, engine, tasks, pools).addTo(router);
        new BackupEndpoint(guests, launcher, storages, tasks, access, pools, archive, directory, clock).addTo(router);
    }

    /**
     * After an earlier life: guests half made are taken away, locks of tasks that are no more are opened, containers without a guest are
     * removed. All others run on.
     *
     * @param temporary where backups were worked on
     */
    public void recover(Path temporary) throws IOException {
        BackupArchive.endLeftovers(temporary);
        for (Guest guest : guests.all()) {
            engine.containers().resume(guest.vmid());
            if (guest.lock().filter("create"::equals).isPresent() && guest.taskLock()) {
                volumes.freeAll(guest);
                guests.remove(guest.vmid());
                access.forgetGuest(guest.vmid());
            } else if (guest.taskLock()) {
                guests.update(guest.vmid(), Guest::unlocked);
            }
        }
        Set<Integer> orphans = new HashSet<>(engine.containers().all());
        orphans.removeAll(guests.all().stream().map(Guest::vmid).toList());
        orphans.forEach(engine.containers()::remove);
        firewalls.refresh();
    }

    /** Of all guests, which depend on the datacenter's. */
    public GuestFirewalls firewalls() {
        return firewalls;
    }

    /** Ends a guest at once, as a crash of its process would. */
    public void kill(int vmid) {
        engine.containers().signal(vmid, "SIGKILL");
    }

    /** Ends all guests of a node at once, as a power cut would. */
    public List<Integer> killAll(String node) {
        List<Integer> killed = guests.all().stream()
                .filter(guest -> guest.node().equals(node))
                .map(Guest::vmid)
                .filter(launcher::running)
                .toList();
        killed.forEach(this::kill);
        return killed;
    }

    @Override
    public void close() {
        sampler.close();
        firewalls.close();
        background.close();
    }
}
