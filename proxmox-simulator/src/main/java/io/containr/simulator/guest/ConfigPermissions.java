package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Caller;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.schema.PropertyString;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which privilege each option of a guest's configuration asks for. */
final class ConfigPermissions {

    private static final Set<String> PROCESSOR = Set.of("cores", "cpulimit", "cpuunits");
    private static final Set<String> MEMORY = Set.of("memory", "swap");
    private static final Set<String> NETWORK = Set.of("nameserver", "searchdomain", "hostname");

    private final AccessControl access;

    ConfigPermissions(AccessControl access) {
        this.access = access;
    }

    /**
     * Fails with a 403 for the first option the caller may not set.
     *
     * @param pool the pool a new guest is to join, whose privileges then count too
     */
    void require(Caller caller, int vmid, @Nullable String pool, Map<String, String> options) {
        options.forEach((option, value) -> require(caller, vmid, pool, option, value));
    }

    private void require(Caller caller, int vmid, @Nullable String pool, String option, String value) {
        if (MountPoint.named(option) || option.startsWith("unused")) {
            if (MountPoint.parse(value).bind() && !caller.isRoot()) {
                throw ApiException.forbidden("mount point type bind is only allowed for root@pam");
            }
            check(caller, vmid, pool, "VM.Config.Disk");
        } else if (PROCESSOR.contains(option)) {
            check(caller, vmid, pool, "VM.Config.CPU");
        } else if (MEMORY.contains(option)) {
            check(caller, vmid, pool, "VM.Config.Memory");
        } else if (NetworkDevice.named(option)) {
            check(caller, vmid, pool, "VM.Config.Network");
            String bridge = NetworkDevice.parse(value).bridge();
            if (bridge != null) {
                access.require(caller, "/sdn/zones/localnetwork/" + bridge, "SDN.Use");
            }
        } else if (NETWORK.contains(option)) {
            check(caller, vmid, pool, "VM.Config.Network");
        } else if (option.equals("features")) {
            requireFeatures(caller, vmid, pool, value);
        } else if (option.equals("hookscript") || option.matches("dev\\d+")) {
            if (!caller.isRoot()) {
                throw ApiException.forbidden("changing " + option + " is only allowed for root@pam");
            }
        } else if (option.equals("tags")) {
            // Proxmox does not look at the pool here: a guest not yet in it cannot be tagged by its rights.
            access.require(caller, "/vms/" + vmid, "VM.Config.Options");
        } else {
            check(caller, vmid, pool, "VM.Config.Options");
        }
    }

    private void requireFeatures(Caller caller, int vmid, @Nullable String pool, String value) {
        boolean others = PropertyString.parse(value, null).keySet().stream().anyMatch(name -> !name.equals("nesting"));
        if (others && !caller.isRoot()) {
            throw ApiException.forbidden("changing feature flags (except nesting) is only allowed for root@pam");
        }
        check(caller, vmid, pool, "VM.Allocate");
    }

    private void check(Caller caller, int vmid, @Nullable String pool, String privilege) {
        if (pool == null || !access.allowed(caller, "/pool/" + pool, privilege)) {
            access.require(caller, "/vms/" + vmid, privilege);
        }
    }
}
