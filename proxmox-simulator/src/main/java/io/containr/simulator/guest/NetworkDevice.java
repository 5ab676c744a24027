package io.containr.simulator.guest;

import io.containr.simulator.schema.PropertyString;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A {@code netN} value. */
record NetworkDevice(Map<String, String> fields) {

    static NetworkDevice parse(String value) {
        return new NetworkDevice(PropertyString.parse(value, null));
    }

    static boolean named(String key) {
        return key.matches("net\\d+");
    }

    String name() {
        return fields.getOrDefault("name", "eth0");
    }

    @Nullable
    String bridge() {
        return fields.get("bridge");
    }

    @Nullable
    String hardwareAddress() {
        return fields.get("hwaddr");
    }

    /** The static IPv4 address without its prefix; null for {@code dhcp}, {@code manual} or none. */
    @Nullable
    String address() {
        String ip = fields.get("ip");
        return ip == null || !ip.contains("/") ? null : ip.substring(0, ip.indexOf('/'));
    }

    /** With a hardware address and a type, as every stored device has them. */
    NetworkDevice completed() {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.computeIfAbsent("hwaddr", _ -> randomHardwareAddress());
        changed.put("hwaddr", changed.get("hwaddr").toUpperCase(Locale.ROOT));
        changed.putIfAbsent("type", "veth");
        return new NetworkDevice(changed);
    }

    /** Addresses set from the host unless that was decided otherwise: what an image without an init system needs. */
    NetworkDevice hostManaged() {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.putIfAbsent("host-managed", "1");
        return new NetworkDevice(changed);
    }

    NetworkDevice withNewHardwareAddress() {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put("hwaddr", randomHardwareAddress());
        return new NetworkDevice(changed);
    }

    private static String randomHardwareAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "BC:24:11:%02X:%02X:%02X".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }

    @Override
    public String toString() {
        return PropertyString.print(fields, null, "name");
    }
}
