package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.StoredVolume;
import io.containr.simulator.task.Tasks;
import java.io.IOException;

/** Growing volumes, and handing them to other guests or storages. */
final class VolumeEndpoints {

    private final Guests guests;
    private final Launcher launcher;
    private final Volumes volumes;
    private final Storages storages;
    private final Tasks tasks;
    private final AccessControl access;

    VolumeEndpoints(
            Guests guests, Launcher launcher, Volumes volumes, Storages storages, Tasks tasks, AccessControl access) {
        this.guests = guests;
        this.launcher = launcher;
        this.volumes = volumes;
        this.storages = storages;
        this.tasks = tasks;
        this.access = access;
    }

    void addTo(Router router) {
        router.add("PUT /nodes/{node}/lxc/{vmid}/resize", this::resize)
                .add("POST /nodes/{node}/lxc/{vmid}/move_volume", this::move);
    }

    private static String value(Guest guest, String key) {
        return guest.value(key).orElseThrow(() -> ApiException.failed("there is no volume '" + key + "'"));
    }

    private Object resize(Call call) throws IOException, InterruptedException {
        String key = call.text("disk");
        String size = call.text("size");
        guests.require(call.node(), call.vmid());
        return tasks.start(
                call.node(),
                "resize",
                String.valueOf(call.vmid()),
                call.caller(),
                log -> guests.locked(call.vmid(), () -> {
                    Guest guest = guests.requireUnlocked(call.node(), call.vmid());
                    MountPoint mount = MountPoint.parse(value(guest, key));
                    long bytes =
                            size.startsWith("+") ? mount.size() + Sizes.parse(size.substring(1)) : Sizes.parse(size);
                    if (bytes < mount.size()) {
                        throw ApiException.failed("unable to shrink disk size");
                    }
                    storages.requireSpace(call.node(), mount.storage(), (bytes - mount.size()) / 20);
                    storages.resize(call.node(), mount.volume(), bytes);
                    guests.update(
                            guest.vmid(),
                            current -> current.with(
                                    key, mount.on(mount.volume(), bytes).toString()));
                    log.line("resized " + key + " to " + Sizes.print(bytes));
                    return guest;
                }));
    }

    private Object move(Call call) {
        Guest guest = guests.requireUnlocked(call.node(), call.vmid());
        value(guest, call.text("volume"));
        if (call.has("target-vmid")) {
            return toGuest(call, guest);
        }
        String storage = call.text("storage", "");
        volumes.requireRootdir(storage);
        access.require(call.caller(), "/storage/" + storage, "Datastore.AllocateSpace");
        if (launcher.running(guest.vmid())) {
            throw ApiException.failed("unable to move volume of running container");
        }
        return tasks.start(
                call.node(),
                "move_volume",
                String.valueOf(call.vmid()),
                call.caller(),
                _ -> guests.locked(call.vmid(), () -> {
                    toStorage(call, storage);
                    return storage;
                }));
    }

    private void toStorage(Call call, String storage) {
        String key = call.text("volume");
        Guest guest = guests.requireUnlocked(call.node(), call.vmid());
        MountPoint mount = MountPoint.parse(value(guest, key));
        StoredVolume before = storages.find(call.node(), mount.volume()).orElseThrow();
        StoredVolume after = storages.allocate(call.node(), storage, guest.vmid(), before.size(), before.volume());
        storages.remove(call.node(), before.volid());
        guests.update(
                guest.vmid(),
                current ->
                        current.with(key, mount.on(after.volid(), after.size()).toString()));
    }

    private Object toGuest(Call call, Guest source) {
        int target = Integer.parseInt(call.text("target-vmid"));
        String key = call.text("volume");
        String targetKey = call.text("target-volume", key);
        access.require(call.caller(), "/vms/" + target, "VM.Config.Disk");
        Guest receiver = guests.requireUnlocked(call.node(), target);
        if (launcher.running(source.vmid())) {
            throw ApiException.failed(
                    "Cannot move in-use volume while the source CT is running - detach or shutdown first");
        }
        if (key.equals("rootfs")) {
            throw ApiException.failed("Cannot move the rootfs to another container");
        }
        if (receiver.value(targetKey).isPresent()) {
            throw ApiException.failed(
                    "Target volume key '" + targetKey + "' is already in use for container '" + target + "'");
        }
        String id = source.vmid() + "-" + key + ">" + target + "-" + targetKey;
        return tasks.start(
                call.node(),
                "move_volume",
                id,
                call.caller(),
                _ -> guests.locked(
                        Math.min(source.vmid(), target),
                        () -> guests.locked(Math.max(source.vmid(), target), () -> {
                            Guest giver = guests.requireUnlocked(call.node(), source.vmid());
                            MountPoint mount = MountPoint.parse(value(giver, key));
                            launcher.letGo(giver);
                            StoredVolume moved = storages.rename(call.node(), mount.volume(), target);
                            guests.update(source.vmid(), guest -> guest.without(key));
                            guests.update(
                                    target,
                                    guest -> guest.with(
                                            targetKey,
                                            mount.on(moved.volid(), moved.size())
                                                    .toString()));
                            return moved;
                        })));
    }
}
