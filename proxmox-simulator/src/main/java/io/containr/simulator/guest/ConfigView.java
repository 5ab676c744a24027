package io.containr.simulator.guest;

import io.containr.simulator.schema.ApiSchema;
import io.containr.simulator.schema.MethodSchema;
import io.containr.simulator.schema.PropertySchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A guest's configuration as the API shows it: integers and booleans as numbers, all else as text, with its digest. */
final class ConfigView {

    private final MethodSchema schema;

    ConfigView(ApiSchema schema) {
        this.schema = schema.method("PUT /nodes/{node}/lxc/{vmid}/config");
    }

    /** @param withPending values that wait for a start instead of those in force */
    Map<String, Object> show(Guest guest, boolean withPending) {
        Map<String, Object> shown = new LinkedHashMap<>();
        Guest seen = withPending ? guest.settled() : guest;
        seen.config().forEach((key, value) -> shown.put(key, typed(key, value)));
        if (!guest.raw().isEmpty()) {
            shown.put(
                    "lxc",
                    guest.raw().stream()
                            .map(raw -> List.of(raw.key(), raw.value()))
                            .toList());
        }
        shown.put("digest", digest(guest));
        return shown;
    }

    List<Map<String, Object>> pending(Guest guest) {
        List<Map<String, Object>> entries = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(guest.config().keySet());
        keys.addAll(guest.pending().keySet());
        for (String key : keys) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("key", key);
            guest.value(key).ifPresent(value -> entry.put("value", typed(key, value)));
            if (guest.pending().containsKey(key)) {
                String waiting = guest.pending().get(key);
                if (waiting == null) {
                    entry.put("delete", 1);
                } else {
                    entry.put("pending", typed(key, waiting));
                }
            }
            entries.add(entry);
        }
        entries.add(Map.of("key", "digest", "value", digest(guest)));
        return entries;
    }

    private Object typed(String key, String value) {
        if (key.equals("description")) {
            return value.endsWith("\n") ? value : value + "\n";
        }
        PropertySchema property = schema.property(key);
        return property != null && property.integral() && value.matches("-?\\d+") ? Long.valueOf(value) : value;
    }

    /** SHA-1 over all that was configured: changes with every change. */
    static String digest(Guest guest) {
        String text = guest.config() + "\n" + guest.pending() + "\n" + guest.raw() + "\n" + guest.snapshots();
        return sha1(text);
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
