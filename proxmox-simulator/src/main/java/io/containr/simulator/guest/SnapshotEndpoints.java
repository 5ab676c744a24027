package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.guest.Guest.Snapshot;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.task.TaskLog;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Snapshots of root file system and mount points together. Only storages that can take them allow it. */
final class SnapshotEndpoints {

    private static final String BASE = "/nodes/{node}/lxc/{vmid}/snapshot";

    private final Guests guests;
    private final Launcher launcher;
    private final Volumes volumes;
    private final Storages storages;
    private final Engine engine;
    private final PowerEndpoints power;
    private final Tasks tasks;
    private final Clock clock;

    SnapshotEndpoints(
            Guests guests,
            Launcher launcher,
            Volumes volumes,
            Storages storages,
            Engine engine,
            PowerEndpoints power,
            Tasks tasks,
            Clock clock) {
        this.guests = guests;
        this.launcher = launcher;
        this.volumes = volumes;
        this.storages = storages;
        this.engine = engine;
        this.power = power;
        this.tasks = tasks;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.add("GET " + BASE, this::list)
                .add("POST " + BASE, this::create)
                .add("DELETE " + BASE + "/{snapname}", this::delete)
                .add("POST " + BASE + "/{snapname}/rollback", this::rollback);
    }

    private Object list(Call call) {
        Guest guest = guests.require(call.node(), call.vmid());
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Snapshot snapshot : guest.snapshots()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", snapshot.name());
            entry.put("description", snapshot.description().isEmpty() ? "" : snapshot.description() + "\n");
            entry.put("snaptime", snapshot.time());
            putParent(entry, snapshot.parent());
            shown.add(entry);
        }
        Map<String, Object> current = new LinkedHashMap<>();
        current.put("name", "current");
        current.put("description", "You are here!");
        current.put("digest", ConfigView.digest(guest));
        current.put("running", launcher.running(guest.vmid()) ? 1 : 0);
        putParent(current, guest.value("parent").orElse(null));
        shown.add(current);
        return shown;
    }

    private static void putParent(Map<String, Object> entry, @Nullable String parent) {
        if (parent != null) {
            entry.put("parent", parent);
        }
    }

    private Object create(Call call) {
        guests.require(call.node(), call.vmid());
        if (call.text("snapname").equals("current")) {
            throw ApiException.failed("unable to use snapshot name 'current' (reserved name)");
        }
        return task(call, "vzsnapshot", guest -> {
            String name = call.text("snapname");
            if (guest.snapshot(name).isPresent()) {
                throw ApiException.failed("snapshot name '" + name + "' already used");
            }
            if (!volumes.snapshots(guest)) {
                throw ApiException.failed("snapshot feature is not available");
            }
            take(guest, name, call.text("description", ""));
        });
    }

    private void take(Guest guest, String name, String description) throws IOException, InterruptedException {
        Map<String, String> copies = new TreeMap<>();
        launcher.atOneMoment(guest, () -> {
            for (MountPoint mount : guest.mounts().values()) {
                String backing = launcher.backing(guest.node(), mount.volume());
                copies.put(mount.volume(), engine.volumes().copy(backing));
            }
        });
        boolean ran = launcher.state(guest.vmid())
                .filter(state -> state.everStarted())
                .isPresent();
        String root = engine.images().tag(ran ? engine.containers().commit(guest.vmid()) : guest.image());
        Snapshot snapshot = new Snapshot(
                name,
                description,
                clock.instant().getEpochSecond(),
                guest.value("parent").orElse(null),
                guest.without("parent").config(),
                guest.raw(),
                root,
                copies);
        List<Snapshot> all = new ArrayList<>(guest.snapshots());
        all.add(snapshot);
        guests.update(guest.vmid(), current -> current.withSnapshots(all).with("parent", name));
    }

    private Object delete(Call call) {
        guests.require(call.node(), call.vmid());
        return task(call, "vzdelsnapshot", guest -> {
            Snapshot snapshot = require(guest, call.text("snapname"));
            List<Snapshot> left = new ArrayList<>();
            for (Snapshot other : guest.snapshots()) {
                if (!other.name().equals(snapshot.name())) {
                    left.add(snapshot.name().equals(other.parent()) ? adopted(other, snapshot.parent()) : other);
                }
            }
            guests.update(
                    guest.vmid(),
                    current -> current.withSnapshots(left).with(config -> {
                        if (snapshot.name().equals(config.get("parent"))) {
                            config.remove("parent");
                            if (snapshot.parent() != null) {
                                config.put("parent", snapshot.parent());
                            }
                        }
                    }));
            snapshot.volumes().values().forEach(engine.volumes()::remove);
            engine.images().release(snapshot.image());
        });
    }

    private static Snapshot adopted(Snapshot child, @Nullable String parent) {
        return new Snapshot(
                child.name(),
                child.description(),
                child.time(),
                parent,
                child.config(),
                child.raw(),
                child.image(),
                child.volumes());
    }

    private Object rollback(Call call) {
        Guest present = guests.require(call.node(), call.vmid());
        require(present, call.text("snapname"));
        return tasks.start(call.node(), "vzrollback", String.valueOf(call.vmid()), call.caller(), log -> {
            guests.locked(call.vmid(), () -> {
                Guest guest = guests.requireUnlocked(call.node(), call.vmid());
                back(guest, require(guest, call.text("snapname")));
                return guest;
            });
            if (call.flag("start")) {
                start(call, log);
            }
        });
    }

    private void start(Call call, TaskLog log) throws IOException, InterruptedException {
        guests.locked(call.vmid(), () -> {
            Guest guest = guests.requireUnlocked(call.node(), call.vmid());
            launcher.start(guest, log);
            return guest;
        });
    }

    private void back(Guest guest, Snapshot snapshot) throws IOException, InterruptedException {
        if (launcher.running(guest.vmid())) {
            power.kill(guest.vmid());
        }
        engine.containers().remove(guest.vmid());
        for (Map.Entry<String, String> kept : snapshot.volumes().entrySet()) {
            String before = launcher.backing(guest.node(), kept.getKey());
            storages.back(guest.node(), kept.getKey(), engine.volumes().copy(kept.getValue()));
            engine.volumes().remove(before);
        }
        String root = engine.images().tag(snapshot.image());
        guests.update(
                guest.vmid(),
                current -> current.withConfig(new TreeMap<>(snapshot.config()))
                        .with("parent", snapshot.name())
                        .withPending(new TreeMap<>())
                        .withRaw(snapshot.raw())
                        .withImage(root));
        engine.images().release(guest.image());
    }

    private static Snapshot require(Guest guest, String name) {
        return guest.snapshot(name).orElseThrow(() -> ApiException.failed("snapshot '" + name + "' does not exist"));
    }

    @FunctionalInterface
    private interface Change {
        void apply(Guest guest) throws IOException, InterruptedException;
    }

    private String task(Call call, String type, Change change) {
        return tasks.start(
                call.node(),
                type,
                String.valueOf(call.vmid()),
                call.caller(),
                _ -> guests.locked(call.vmid(), () -> {
                    Guest guest = guests.requireUnlocked(call.node(), call.vmid());
                    change.apply(guest);
                    return guest;
                }));
    }
}
