package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.state.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All guests of the cluster with their locks. A change is on disk when the method that made it returns. */
public final class Guests {

    /** Work on one guest, with its lock held. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private final Path directory;
    private final Faults faults;
    private final Duration lockWait;
    private final Map<Integer, Guest> guests = new ConcurrentHashMap<>();
    private final Map<Integer, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** @param lockWait how long to wait for a guest that something else works on; ten seconds on a real node */
    public Guests(Path directory, Faults faults, Duration lockWait) {
        this.directory = directory.resolve("guests");
        this.faults = faults;
        this.lockWait = lockWait;
        load();
    }

    private void load() {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.getFileName().toString().endsWith(".json"))
                        .map(file -> new JsonFile<>(file, Guest.class).read().orElseThrow())
                        .forEach(guest -> guests.put(guest.vmid(), guest));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private JsonFile<Guest> file(int vmid) {
        return new JsonFile<>(directory.resolve(vmid + ".json"), Guest.class);
    }

    List<Guest> all() {
        return guests.values().stream()
                .sorted(Comparator.comparingInt(Guest::vmid))
                .toList();
    }

    /** Those of a node, in no order. */
    Stream<Guest> on(String node) {
        return guests.values().stream().filter(guest -> guest.node().equals(node));
    }

    Optional<Guest> find(int vmid) {
        return Optional.ofNullable(guests.get(vmid));
    }

    public boolean exists(int vmid) {
        return guests.containsKey(vmid);
    }

    /** Fails as Proxmox does where the node has no such guest. */
    Guest require(String node, int vmid) {
        return find(vmid)
                .filter(guest -> guest.node().equals(node))
                .orElseThrow(() -> ApiException.failed(
                        "Configuration file 'nodes/" + node + "/lxc/" + vmid + ".conf' does not exist"));
    }

    /** As {@link #require}, and free of a {@code lock} property. */
    Guest requireUnlocked(String node, int vmid) {
        Guest guest = require(node, vmid);
        guest.lock().ifPresent(lock -> {
            throw ApiException.failed("CT is locked (" + lock + ")");
        });
        return guest;
    }

    void requireUnused(int vmid) {
        find(vmid).ifPresent(guest -> {
            throw ApiException.failed("CT " + vmid + " already exists on node '" + guest.node() + "'");
        });
    }

    /** Takes a vmid that nothing else has. */
    Guest reserve(int vmid, String node) {
        faults.requireQuorum();
        Guest reserved = Guest.reserved(vmid, node);
        Guest before = guests.putIfAbsent(vmid, reserved);
        if (before != null) {
            throw ApiException.failed("unable to create CT " + vmid + " - CT " + vmid + " already exists on node '"
                    + before.node() + "'");
        }
        file(vmid).write(reserved);
        return reserved;
    }

    Guest update(int vmid, UnaryOperator<Guest> change) {
        faults.requireQuorum();
        Guest changed = guests.computeIfPresent(vmid, (_, guest) -> change.apply(guest));
        if (changed == null) {
            throw ApiException.failed("CT " + vmid + " does not exist");
        }
        file(vmid).write(changed);
        return changed;
    }

    void remove(int vmid) {
        guests.remove(vmid);
        file(vmid).delete();
    }

    /** Runs with the guest's lock, waiting for it as long as Proxmox does. */
    <T> T locked(int vmid, Work<T> work) throws IOException, InterruptedException {
        return locked(vmid, lockWait, work);
    }

    /** As {@link #locked(int, Work)}, waiting half as long, as creating does. */
    <T> T lockedToCreate(int vmid, Work<T> work) throws IOException, InterruptedException {
        return locked(vmid, lockWait.dividedBy(2), work);
    }

    private <T> T locked(int vmid, Duration wait, Work<T> work) throws IOException, InterruptedException {
        ReentrantLock lock = locks.computeIfAbsent(vmid, _ -> new ReentrantLock());
        if (!lock.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw ApiException.failed("can't lock file '/run/lock/lxc/pve-config-" + vmid + ".lock' - got timeout");
        }
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
