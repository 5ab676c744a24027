package io.containr.simulator.guest;

import io.containr.simulator.schema.PropertyString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code rootfs} or {@code mpN} value. */
record MountPoint(Map<String, String> fields) {

    private static final Pattern NEW = Pattern.compile("([a-zA-Z][a-zA-Z0-9_.-]*):(\\d+(?:\\.\\d+)?)");

    static MountPoint parse(String value) {
        return new MountPoint(PropertyString.parse(value, "volume"));
    }

    static boolean named(String key) {
        return key.equals("rootfs") || key.matches("mp\\d+");
    }

    String volume() {
        return fields.getOrDefault("volume", "");
    }

    String path() {
        return fields.getOrDefault("mp", "/");
    }

    boolean readOnly() {
        return "1".equals(fields.get("ro"));
    }

    boolean backedUp() {
        return "1".equals(fields.get("backup"));
    }

    long size() {
        String size = fields.get("size");
        return size == null ? 0 : Sizes.parse(size);
    }

    /** A path of the host instead of a volume. */
    boolean bind() {
        return volume().startsWith("/");
    }

    /** Asks for a new volume: {@code STORAGE:GIBIBYTES}. */
    boolean allocates() {
        return NEW.matcher(volume()).matches();
    }

    String storage() {
        return volume().substring(0, Math.max(0, volume().indexOf(':')));
    }

    long requestedBytes() {
        Matcher matcher = NEW.matcher(volume());
        return matcher.matches() ? Sizes.gibibytes(matcher.group(2)) : 0;
    }

    MountPoint on(String volid, long bytes) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put("volume", volid);
        changed.put("size", Sizes.print(bytes));
        return new MountPoint(changed);
    }

    @Override
    public String toString() {
        return PropertyString.print(fields, "volume", "mp");
    }
}
