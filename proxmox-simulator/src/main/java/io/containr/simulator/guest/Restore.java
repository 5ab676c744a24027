package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Pools;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.StoredVolume;
import io.containr.simulator.task.TaskLog;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A guest from a backup, new or over the one it was taken of. Raw keys are dropped with a warning, as for every token. */
final class Restore {

    private final Guests guests;
    private final Launcher launcher;
    private final Volumes volumes;
    private final Storages storages;
    private final Tasks tasks;
    private final AccessControl access;
    private final Pools pools;
    private final BackupArchive archive;

    Restore(
            Guests guests,
            Launcher launcher,
            Volumes volumes,
            Storages storages,
            Tasks tasks,
            AccessControl access,
            Pools pools,
            BackupArchive archive) {
        this.guests = guests;
        this.launcher = launcher;
        this.volumes = volumes;
        this.storages = storages;
        this.tasks = tasks;
        this.access = access;
        this.pools = pools;
        this.archive = archive;
    }

    Object begin(Call call, Map<String, String> options, boolean inPlace) throws IOException, InterruptedException {
        int vmid = call.vmid();
        if (inPlace) {
            guests.requireUnlocked(call.node(), vmid);
            if (launcher.running(vmid)) {
                throw ApiException.failed("unable to restore CT " + vmid + " - can't overwrite running container");
            }
        } else {
            guests.lockedToCreate(vmid, () -> guests.reserve(vmid, call.node()));
        }
        String pool = call.optional("pool");
        if (pool != null) {
            pools.addGuest(pool, vmid);
        }
        return tasks.start(
                call.node(),
                "vzrestore",
                String.valueOf(vmid),
                call.caller(),
                log -> guests.locked(vmid, () -> {
                    restore(call, options, inPlace, log);
                    return vmid;
                }));
    }

    private void restore(Call call, Map<String, String> options, boolean inPlace, TaskLog log)
            throws IOException, InterruptedException {
        int vmid = call.vmid();
        String backup = call.text("ostemplate");
        StoredVolume stored = storages.find(call.node(), backup)
                .filter(volume -> volume.content().equals("backup"))
                .orElseThrow(() -> ApiException.failed("volume '" + backup + "' does not exist"));
        Path file = Path.of(Objects.requireNonNull(stored.file()));
        try {
            log.line("recovering backed-up configuration from '" + backup + "'");
            Map<String, String> config = config(call, archive.config(file), options);
            if (inPlace) {
                volumes.freeAll(guests.require(call.node(), vmid));
                guests.update(vmid, guest -> Guest.reserved(vmid, call.node()).withFirewall(guest.firewall()));
            }
            log.line("restoring '" + backup + "' now..");
            BackupArchive.Root root = archive.unpack(file, allocate(call, config));
            guests.update(
                    vmid,
                    guest -> guest.withImage(root.held(), root.bytes(), Map.of())
                            .unlocked()
                            .withConfig(config));
            log.warn("skipping 'lxc.*' keys of the backup: only root@pam may restore them");
        } catch (IOException | InterruptedException | RuntimeException e) {
            guests.find(vmid).ifPresent(volumes::freeAll);
            guests.remove(vmid);
            access.forgetGuest(vmid);
            throw e;
        }
    }

    private static Map<String, String> config(Call call, Map<String, String> backedUp, Map<String, String> options) {
        Map<String, String> config = new TreeMap<>(backedUp);
        config.keySet().removeIf(key -> key.startsWith("unused"));
        config.entrySet()
                .removeIf(entry -> entry.getKey().startsWith("mp")
                        && !MountPoint.parse(entry.getValue()).backedUp());
        options.forEach((key, value) -> config.put(key, ConfigValues.normal(key, value)));
        for (Map.Entry<String, String> entry : config.entrySet()) {
            String key = entry.getKey();
            if (MountPoint.named(key) && !options.containsKey(key)) {
                entry.setValue(wish(call, MountPoint.parse(entry.getValue())).toString());
            }
            if (call.flag("unique") && NetworkDevice.named(key)) {
                entry.setValue(NetworkDevice.parse(entry.getValue())
                        .withNewHardwareAddress()
                        .toString());
            }
        }
        return config;
    }

    /** The same volume anew: on the storage asked for, else where it was. */
    private static MountPoint wish(Call call, MountPoint before) {
        Map<String, String> fields = new HashMap<>(before.fields());
        String storage = call.text("storage", before.storage());
        fields.put("volume", storage + ":" + before.size() / (double) (1L << 30));
        return new MountPoint(fields);
    }

    /** Allocates all volumes; returns the engine's volumes by mount point. */
    private Map<String, String> allocate(Call call, Map<String, String> config) {
        int vmid = call.vmid();
        Map<String, String> backings = new HashMap<>();
        for (Map.Entry<String, String> entry : config.entrySet()) {
            String key = entry.getKey();
            if (!MountPoint.named(key)) {
                continue;
            }
            MountPoint wanted = MountPoint.parse(entry.getValue());
            boolean root = key.equals("rootfs");
            MountPoint allocated = root
                    ? volumes.allocateRoot(call.node(), vmid, wanted)
                    : volumes.allocateMount(call.node(), vmid, wanted);
            entry.setValue(allocated.toString());
            guests.update(vmid, guest -> guest.with(key, allocated.toString()));
            if (!root) {
                backings.put(key, launcher.backing(call.node(), allocated.volume()));
            }
        }
        return backings;
    }
}
