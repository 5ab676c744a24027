package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.GuestState;
import io.containr.simulator.engine.GuestUsage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading what guests do: status, list, addresses, history, features. */
final class StatusEndpoints {

    private static final Map<String, Long> STEPS =
            Map.of("hour", 60L, "day", 60L, "week", 1800L, "month", 1800L, "year", 21_600L);
    private static final Map<String, Long> ROWS =
            Map.of("hour", 70L, "day", 1440L, "week", 336L, "month", 1440L, "year", 1460L);

    private final Guests guests;
    private final StatusView view;
    private final Sampler sampler;
    private final Volumes volumes;
    private final AccessControl access;
    private final Clock clock;

    StatusEndpoints(
            Guests guests, StatusView view, Sampler sampler, Volumes volumes, AccessControl access, Clock clock) {
        this.guests = guests;
        this.view = view;
        this.sampler = sampler;
        this.volumes = volumes;
        this.access = access;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.add("GET /nodes/{node}/lxc", this::list)
                .add("GET /nodes/{node}/lxc/{vmid}/status/current", this::current)
                .add("GET /nodes/{node}/lxc/{vmid}/interfaces", this::interfaces)
                .add("GET /nodes/{node}/lxc/{vmid}/rrddata", this::history)
                .add("GET /nodes/{node}/lxc/{vmid}/feature", this::feature);
    }

    private Object list(Call call) {
        return view.current(guests.all().stream()
                .filter(guest -> guest.node().equals(call.node()))
                .filter(guest -> access.allowed(call.caller(), "/vms/" + guest.vmid(), "VM.Audit"))
                .toList());
    }

    private Object current(Call call) {
        Map<String, Object> shown = view.current(guests.require(call.node(), call.vmid()));
        shown.put("ha", Map.of("managed", 0));
        return shown;
    }

    private @Nullable Object interfaces(Call call) {
        Optional<Guest> guest =
                guests.find(call.vmid()).filter(found -> found.node().equals(call.node()));
        Optional<GuestState> state = view.running(call.vmid());
        if (guest.isEmpty() || state.isEmpty()) {
            return null;
        }
        List<Map<String, Object>> interfaces = new ArrayList<>();
        interfaces.add(device(
                "lo",
                "00:00:00:00:00:00",
                List.of(new Address("127.0.0.1", "inet", 8), new Address("::1", "inet6", 128))));
        NetworkDevice network = guest.get().network().orElse(null);
        if (network != null) {
            String hardware =
                    Objects.requireNonNullElse(network.hardwareAddress(), "").toLowerCase(Locale.ROOT);
            List<Address> addresses = new ArrayList<>();
            String address = state.get().address();
            if (address != null) {
                addresses.add(new Address(address, "inet", state.get().prefixLength()));
            }
            interfaces.add(device(network.name(), hardware, addresses));
        }
        return interfaces;
    }

    private record Address(String address, String type, int prefix) {}

    private static Map<String, Object> device(String name, String hardware, List<Address> addresses) {
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("name", name);
        device.put("hwaddr", hardware);
        device.put("hardware-address", hardware);
        addresses.forEach(address -> device.put(address.type(), address.address() + "/" + address.prefix()));
        device.put(
                "ip-addresses",
                addresses.stream()
                        .map(address -> Map.of(
                                "ip-address", address.address(),
                                "ip-address-type", address.type(),
                                "prefix", String.valueOf(address.prefix())))
                        .toList());
        return device;
    }

    private Object history(Call call) {
        Guest guest = guests.require(call.node(), call.vmid());
        long step = STEPS.getOrDefault(call.text("timeframe"), 60L);
        long end = clock.instant().getEpochSecond() / step * step;
        Map<Long, GuestUsage> minutes = sampler.minutes(guest.vmid());
        Map<String, Object> now = view.current(guest);
        List<Map<String, Object>> rows = new ArrayList<>();
        GuestUsage before = GuestUsage.NONE;
        for (long time = end - ROWS.getOrDefault(call.text("timeframe"), 70L) * step; time <= end; time += step) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("time", time);
            GuestUsage usage = minutes.get(time);
            if (usage != null) {
                fill(row, usage, before, step, now);
                before = usage;
            }
            rows.add(row);
        }
        return rows;
    }

    private static void fill(
            Map<String, Object> row, GuestUsage usage, GuestUsage before, long step, Map<String, Object> now) {
        Number cpus = (Number) Objects.requireNonNull(now.get("cpus"));
        row.put("cpu", usage.cpu() / cpus.doubleValue());
        row.put("maxcpu", cpus);
        row.put("mem", usage.memory());
        row.put("maxmem", Objects.requireNonNull(now.get("maxmem")));
        row.put("disk", Objects.requireNonNull(now.get("disk")));
        row.put("maxdisk", Objects.requireNonNull(now.get("maxdisk")));
        row.put("netin", rate(usage.netIn(), before.netIn(), step));
        row.put("netout", rate(usage.netOut(), before.netOut(), step));
        row.put("diskread", rate(usage.diskRead(), before.diskRead(), step));
        row.put("diskwrite", rate(usage.diskWrite(), before.diskWrite(), step));
    }

    private static double rate(long now, long before, long step) {
        return now < before ? 0 : (double) (now - before) / step;
    }

    private Object feature(Call call) {
        Guest guest = guests.require(call.node(), call.vmid());
        boolean has = switch (call.text("feature")) {
            case "snapshot" -> volumes.snapshots(guest);
            case "clone", "copy" -> true;
            default -> throw ApiException.failed("unknown feature");
        };
        return Map.of("hasFeature", has ? 1 : 0);
    }
}
