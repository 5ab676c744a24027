package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.fault.Faults;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reading and changing configurations. A change is synchronous: it answers null when it is done. */
final class ConfigEndpoints {

    /** What takes effect while the guest runs; everything else waits for its next start. */
    private static final Set<String> IMMEDIATE = Set.of(
            "memory",
            "swap",
            "cores",
            "cpulimit",
            "cpuunits",
            "tags",
            "description",
            "onboot",
            "startup",
            "protection",
            "lock",
            "template",
            "hookscript",
            "debug");

    private final Guests guests;
    private final Launcher launcher;
    private final Volumes volumes;
    private final ConfigPermissions permissions;
    private final ConfigView view;
    private final Faults faults;

    ConfigEndpoints(
            Guests guests,
            Launcher launcher,
            Volumes volumes,
            ConfigPermissions permissions,
            ConfigView view,
            Faults faults) {
        this.guests = guests;
        this.launcher = launcher;
        this.volumes = volumes;
        this.permissions = permissions;
        this.view = view;
        this.faults = faults;
    }

    void addTo(Router router) {
        router.add("GET /nodes/{node}/lxc/{vmid}/config", this::read)
                .add("PUT /nodes/{node}/lxc/{vmid}/config", this::change)
                .add("GET /nodes/{node}/lxc/{vmid}/pending", call -> view.pending(guest(call)));
    }

    private Guest guest(Call call) {
        return guests.require(call.node(), call.vmid());
    }

    private Object read(Call call) {
        Guest guest = guest(call);
        String snapshot = call.optional("snapshot");
        if (snapshot != null) {
            Guest.Snapshot taken = guest.snapshot(snapshot)
                    .orElseThrow(() -> ApiException.failed("snapshot '" + snapshot + "' does not exist"));
            return view.show(
                    guest.withConfig(taken.config()).withPending(Map.of()).withRaw(taken.raw()), false);
        }
        return view.show(guest, !call.flag("current"));
    }

    private @Nullable Object change(Call call) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>(call.parameters());
        options.keySet().removeAll(Set.of("node", "vmid", "digest", "delete", "revert"));
        List<String> deleted = names(call.optional("delete"));
        List<String> reverted = names(call.optional("revert"));
        if (options.isEmpty() && deleted.isEmpty() && reverted.isEmpty()) {
            throw ApiException.invalid("", "no options specified");
        }
        permissions.require(call.caller(), call.vmid(), null, options);
        for (String name : deleted) {
            permissions.require(call.caller(), call.vmid(), null, Map.of(name, ""));
            if (options.containsKey(name)) {
                throw ApiException.invalid("delete", "cannot set and delete '" + name + "' at the same time");
            }
        }
        faults.requireQuorum();
        guests.locked(call.vmid(), () -> {
            Guest guest = guests.requireUnlocked(call.node(), call.vmid());
            String digest = call.optional("digest");
            if (digest != null && !digest.equals(ConfigView.digest(guest))) {
                throw ApiException.failed("detected modified configuration - file changed by other user? Try again.");
            }
            apply(guest, options, deleted, reverted);
            return guest;
        });
        return null;
    }

    private static List<String> names(@Nullable String list) {
        return list == null
                ? List.of()
                : Arrays.stream(list.split("[,;\\s\\x00]+"))
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    private void apply(Guest guest, Map<String, String> options, List<String> deleted, List<String> reverted) {
        boolean running = launcher.running(guest.vmid());
        Map<String, @Nullable String> pending = new TreeMap<>(guest.pending());
        Map<String, String> config = new TreeMap<>(guest.config());
        reverted.forEach(pending::remove);
        options.forEach((key, given) -> {
            String value = stored(guest, key, given);
            if (running && !IMMEDIATE.contains(key)) {
                pending.put(key, value);
            } else {
                config.put(key, value);
                pending.remove(key);
            }
        });
        for (String key : deleted) {
            if (running && !IMMEDIATE.contains(key) && config.containsKey(key)) {
                pending.put(key, null);
            } else {
                pending.remove(key);
                Optional<String> removed = Guest.drop(config, key);
                if (key.startsWith("unused")) {
                    removed.ifPresent(volid -> {
                        launcher.letGo(guest);
                        volumes.free(guest.node(), volid);
                    });
                }
            }
        }
        Guest changed = guests.update(
                guest.vmid(), current -> current.withConfig(config).withPending(pending));
        if (running) {
            launcher.applyLimits(changed);
        } else if (options.keySet().stream().anyMatch(key -> !IMMEDIATE.contains(key))) {
            launcher.prepareSoon(guest.vmid());
        }
    }

    private String stored(Guest guest, String key, String given) {
        if (!MountPoint.named(key)) {
            return ConfigValues.normal(key, given);
        }
        MountPoint mount = MountPoint.parse(given);
        if (mount.allocates()) {
            volumes.requireRootdir(mount.storage());
            return volumes.allocateMount(guest.node(), guest.vmid(), mount).toString();
        }
        if (!guest.volumes().contains(mount.volume())) {
            throw ApiException.failed("volume '" + mount.volume() + "' does not exist");
        }
        return mount.toString();
    }
}
