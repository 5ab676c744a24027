package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Pools;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.engine.ImageFacts;
import io.containr.simulator.guest.Guest.RawKey;
import io.containr.simulator.storage.Templates;
import io.containr.simulator.task.TaskLog;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code POST /nodes/{node}/lxc}: checks and reserves the vmid at once, does the rest in a task. */
final class CreateEndpoint {

    private static final Set<String> NOT_CONFIGURATION = Set.of(
            "vmid",
            "node",
            "ostemplate",
            "pool",
            "start",
            "force",
            "restore",
            "unique",
            "password",
            "storage",
            "ssh-public-keys",
            "bwlimit",
            "ignore-unpack-errors",
            "ha-managed",
            "unprivileged");

    private final Guests guests;
    private final Volumes volumes;
    private final Templates templates;
    private final Engine engine;
    private final Tasks tasks;
    private final AccessControl access;
    private final Pools pools;
    private final ConfigPermissions permissions;
    private final PowerEndpoints power;
    private final Restore restore;

    CreateEndpoint(
            Guests guests,
            Volumes volumes,
            Templates templates,
            Engine engine,
            Tasks tasks,
            AccessControl access,
            Pools pools,
            PowerEndpoints power,
            Restore restore) {
        this.guests = guests;
        this.volumes = volumes;
        this.templates = templates;
        this.engine = engine;
        this.tasks = tasks;
        this.access = access;
        this.pools = pools;
        this.permissions = new ConfigPermissions(access);
        this.power = power;
        this.restore = restore;
    }

    void addTo(Router router) {
        router.add("POST /nodes/{node}/lxc", this::create);
    }

    private Object create(Call call) throws IOException, InterruptedException {
        int vmid = call.vmid();
        boolean restoring = call.flag("restore");
        boolean inPlace = restoring && call.flag("force") && guests.exists(vmid);
        if (!inPlace) {
            guests.requireUnused(vmid);
        }
        String pool = call.optional("pool");
        requireAllocation(call, vmid, pool, inPlace);
        Map<String, String> options = options(call);
        permissions.require(call.caller(), vmid, pool, options);
        if (!call.flag("unprivileged", true)) {
            access.require(call.caller(), "/", "Sys.Modify");
        }
        for (String storage : storages(call, options)) {
            volumes.requireRootdir(storage);
            access.require(call.caller(), "/storage/" + storage, "Datastore.AllocateSpace");
        }
        if (restoring) {
            return restore.begin(call, options, inPlace);
        }
        guests.lockedToCreate(vmid, () -> guests.reserve(vmid, call.node()));
        if (pool != null) {
            pools.addGuest(pool, vmid);
        }
        return tasks.start(call.node(), "vzcreate", String.valueOf(vmid), call.caller(), log -> {
            guests.locked(vmid, () -> {
                build(call, options, log);
                return vmid;
            });
            if (call.flag("start")) {
                power.beginStart(call.node(), vmid, call.caller());
            }
        });
    }

    private void requireAllocation(Call call, int vmid, @Nullable String pool, boolean inPlace) {
        if (pool != null) {
            pools.get(pool);
        }
        boolean allowed = access.allowed(call.caller(), "/vms/" + vmid, "VM.Allocate")
                || pool != null && access.allowed(call.caller(), "/pool/" + pool, "VM.Allocate")
                || inPlace && access.allowed(call.caller(), "/vms/" + vmid, "VM.Backup");
        if (!allowed) {
            throw ApiException.forbidden();
        }
    }

    private static Map<String, String> options(Call call) {
        Map<String, String> options = new TreeMap<>(call.parameters());
        options.keySet().removeAll(NOT_CONFIGURATION);
        return options;
    }

    /** The storages that volumes are wanted on, the default one where the root file system names none. */
    private static List<String> storages(Call call, Map<String, String> options) {
        List<String> named = options.entrySet().stream()
                .filter(option -> MountPoint.named(option.getKey()))
                .map(option -> MountPoint.parse(option.getValue()).storage())
                .distinct()
                .toList();
        return options.containsKey("rootfs") ? named : List.of(call.text("storage", "local"));
    }

    private void build(Call call, Map<String, String> options, TaskLog log) throws IOException {
        int vmid = call.vmid();
        try {
            Templates.Usable template = templates.use(call.node(), call.text("ostemplate"));
            guests.update(vmid, guest -> guest.withImage(template.held()));
            ImageFacts image = engine.images().inspect(template.held());
            Map<String, String> config = config(call, options);
            List<RawKey> raw = List.of();
            if (template.oci()) {
                log.line("Detected OCI archive");
                ImageDefaults.putCommand(image, config);
                raw = ImageDefaults.rawKeys(image, path -> read(image.id(), path));
            }
            if (!config.containsKey("ostype")) {
                Optional<String> release =
                        read(image.id(), "/etc/os-release").or(() -> read(image.id(), "/usr/lib/os-release"));
                config.put("ostype", OperatingSystem.detect(release));
            }
            log.line("allocating volumes");
            allocate(call, config);
            Map<String, String> imageVolumes = new TreeMap<>();
            image.volumes()
                    .forEach(path -> imageVolumes.put(path, engine.volumes().create()));
            List<RawKey> keys = raw;
            guests.update(
                    vmid,
                    guest -> guest.unlocked()
                            .withConfig(config)
                            .withRaw(keys)
                            .withImage(template.held(), image.size(), imageVolumes));
        } catch (IOException | RuntimeException e) {
            discard(vmid);
            throw e;
        }
    }

    private Optional<String> read(String image, String path) {
        try {
            return engine.containers().readImageFile(image, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> config(Call call, Map<String, String> options) {
        Map<String, String> config = new TreeMap<>();
        options.forEach((key, value) -> config.put(key, ConfigValues.normal(key, value)));
        config.putIfAbsent("hostname", "CT" + call.vmid());
        config.putIfAbsent("memory", "512");
        config.putIfAbsent("swap", "512");
        config.putIfAbsent("arch", "amd64");
        config.putIfAbsent("rootfs", call.text("storage", "local") + ":4");
        if (call.flag("unprivileged", true)) {
            config.put("unprivileged", "1");
        }
        return config;
    }

    /** Replaces each wish for a volume by the volume; noted at once, so that a failure frees them. */
    private void allocate(Call call, Map<String, String> config) {
        int vmid = call.vmid();
        for (Map.Entry<String, String> entry : config.entrySet()) {
            String key = entry.getKey();
            if (!MountPoint.named(key)) {
                continue;
            }
            MountPoint wanted = MountPoint.parse(entry.getValue());
            if (wanted.bind()) {
                throw ApiException.failed("bind mounts are not simulated");
            }
            if (!wanted.allocates()) {
                throw ApiException.failed("volume '" + wanted.volume() + "' does not exist");
            }
            MountPoint allocated = key.equals("rootfs")
                    ? volumes.allocateRoot(call.node(), vmid, wanted)
                    : volumes.allocateMount(call.node(), vmid, wanted);
            entry.setValue(allocated.toString());
            guests.update(vmid, guest -> guest.with(key, allocated.toString()));
        }
    }

    private void discard(int vmid) {
        guests.find(vmid).ifPresent(guest -> {
            volumes.freeAll(guest);
            guests.remove(vmid);
            access.forgetGuest(vmid);
        });
    }
}
