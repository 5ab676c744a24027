package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.task.Tasks;

/** {@code DELETE /nodes/{node}/lxc/{vmid}}. */
final class DestroyEndpoint {

    private final Guests guests;
    private final Launcher launcher;
    private final Volumes volumes;
    private final PowerEndpoints power;
    private final Tasks tasks;
    private final AccessControl access;
    private final Faults faults;
    private final GuestFirewalls firewalls;

    DestroyEndpoint(
            Guests guests,
            Launcher launcher,
            Volumes volumes,
            PowerEndpoints power,
            Tasks tasks,
            AccessControl access,
            Faults faults,
            GuestFirewalls firewalls) {
        this.guests = guests;
        this.launcher = launcher;
        this.volumes = volumes;
        this.power = power;
        this.tasks = tasks;
        this.access = access;
        this.faults = faults;
        this.firewalls = firewalls;
    }

    void addTo(Router router) {
        router.add("DELETE /nodes/{node}/lxc/{vmid}", this::destroy);
    }

    private Object destroy(Call call) {
        faults.requireQuorum();
        check(call);
        return tasks.start(
                call.node(),
                "vzdestroy",
                String.valueOf(call.vmid()),
                call.caller(),
                log -> guests.locked(call.vmid(), () -> {
                    Guest guest = check(call);
                    if (launcher.running(guest.vmid())) {
                        power.kill(guest.vmid());
                    }
                    volumes.freeAll(guest);
                    guests.remove(guest.vmid());
                    access.forgetGuest(guest.vmid());
                    firewalls.gone(guest);
                    return guest.vmid();
                }));
    }

    private Guest check(Call call) {
        Guest guest = guests.requireUnlocked(call.node(), call.vmid());
        if (guest.value("protection").filter("1"::equals).isPresent()) {
            throw ApiException.failed("can't remove CT " + guest.vmid() + " - protection mode enabled");
        }
        if (!call.flag("force") && launcher.running(guest.vmid())) {
            throw ApiException.failed("unable to destroy CT " + guest.vmid() + " - container is running");
        }
        return guest;
    }
}
