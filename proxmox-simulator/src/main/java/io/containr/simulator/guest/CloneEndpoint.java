package io.containr.simulator.guest;

import io.containr.simulator.access.Pools;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.guest.Guest.Snapshot;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code POST /nodes/{node}/lxc/{vmid}/clone}: a full copy on the same node. Only hardware addresses are renewed. */
final class CloneEndpoint {

    private final Guests guests;
    private final Launcher launcher;
    private final Volumes volumes;
    private final Storages storages;
    private final Engine engine;
    private final Tasks tasks;
    private final Pools pools;

    CloneEndpoint(
            Guests guests,
            Launcher launcher,
            Volumes volumes,
            Storages storages,
            Engine engine,
            Tasks tasks,
            Pools pools) {
        this.guests = guests;
        this.launcher = launcher;
        this.volumes = volumes;
        this.storages = storages;
        this.engine = engine;
        this.tasks = tasks;
        this.pools = pools;
    }

    void addTo(Router router) {
        router.add("POST /nodes/{node}/lxc/{vmid}/clone", this::begin);
    }

    private Object begin(Call call) throws IOException, InterruptedException {
        Guest source = guests.requireUnlocked(call.node(), call.vmid());
        int target = Integer.parseInt(call.text("newid"));
        guests.requireUnused(target);
        if (call.has("target") && !call.text("target").equals(call.node())) {
            throw ApiException.failed("can't clone to non-shared storage of another node");
        }
        if (launcher.running(source.vmid()) && !call.has("snapname")) {
            throw ApiException.failed("Cannot do full clones on a running container without snapshots");
        }
        if (call.has("storage")) {
            volumes.requireRootdir(call.text("storage"));
        }
        Optional<Snapshot> snapshot = Optional.ofNullable(call.optional("snapname"))
                .map(name -> source.snapshot(name)
                        .orElseThrow(() -> ApiException.failed("snapshot '" + name + "' does not exist")));
        guests.lockedToCreate(target, () -> guests.reserve(target, call.node()));
        if (call.has("pool")) {
            pools.addGuest(call.text("pool"), target);
        }
        return tasks.start(
                call.node(),
                "vzclone",
                String.valueOf(call.vmid()),
                call.caller(),
                _ -> guests.locked(
                        call.vmid(),
                        () -> guests.locked(target, () -> {
                            copy(call, guests.require(call.node(), call.vmid()), snapshot.orElse(null), target);
                            return target;
                        })));
    }

    private void copy(Call call, Guest source, @Nullable Snapshot snapshot, int target)
            throws IOException, InterruptedException {
        try {
            boolean ran = launcher.state(source.vmid())
                    .filter(state -> state.everStarted())
                    .isPresent();
            String origin = snapshot != null
                    ? snapshot.image()
                    : ran ? engine.containers().commit(source.vmid()) : source.image();
            String image = engine.images().tag(origin);
            guests.update(target, guest -> guest.withImage(image, source.imageBytes(), Map.of()));
            Map<String, String> config = new TreeMap<>(snapshot == null ? source.config() : snapshot.config());
            config.keySet().removeIf(key -> key.startsWith("unused") || key.equals("parent") || key.equals("lock"));
            for (Map.Entry<String, String> entry : config.entrySet()) {
                entry.setValue(copied(call, source, snapshot, target, entry.getKey(), entry.getValue()));
            }
            config.put("hostname", call.text("hostname", source.hostname()));
            if (call.has("description")) {
                config.put("description", call.text("description"));
            }
            guests.update(target, guest -> guest.unlocked().withConfig(config).withRaw(source.raw()));
        } catch (IOException | InterruptedException | RuntimeException e) {
            guests.find(target).ifPresent(volumes::freeAll);
            guests.remove(target);
            throw e;
        }
    }

    private String copied(Call call, Guest source, @Nullable Snapshot snapshot, int target, String key, String value)
            throws IOException, InterruptedException {
        if (NetworkDevice.named(key)) {
            return NetworkDevice.parse(value).withNewHardwareAddress().toString();
        }
        if (!MountPoint.named(key)) {
            return value;
        }
        MountPoint mount = MountPoint.parse(value);
        String storage = call.text("storage", mount.storage());
        String backing = null;
        if (!key.equals("rootfs")) {
            String from = snapshot == null
                    ? launcher.backing(source.node(), mount.volume())
                    : Objects.requireNonNull(snapshot.volumes().get(mount.volume()));
            backing = engine.volumes().copy(from);
        }
        String volid = storages.allocate(source.node(), storage, target, mount.size(), backing)
                .volid();
        String copied = mount.on(volid, mount.size()).toString();
        guests.update(target, guest -> guest.with(key, copied));
        return copied;
    }
}
