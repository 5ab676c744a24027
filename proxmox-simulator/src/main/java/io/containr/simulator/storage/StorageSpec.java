package io.containr.simulator.storage;

import java.util.Set;
import java.util.TreeSet;

/**
 * A storage, which every node has for itself.
 *
 * @param content kinds of content: {@code vztmpl}, {@code backup}, {@code iso}, {@code rootdir}
 * @param bytes its size
 */
public record StorageSpec(String id, Type type, Set<String> content, long bytes) {

    /** What a storage is made of; only {@code LVMTHIN} takes snapshots. */
    public enum Type {
        DIR("dir"),
        LVMTHIN("lvmthin");

        private final String label;

        Type(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    public StorageSpec {
        content = Set.copyOf(content);
    }

    public static StorageSpec directory(String id, long bytes) {
        return new StorageSpec(id, Type.DIR, Set.of("vztmpl", "backup", "iso", "rootdir"), bytes);
    }

    public static StorageSpec thin(String id, long bytes) {
        return new StorageSpec(id, Type.LVMTHIN, Set.of("rootdir"), bytes);
    }

    public boolean snapshots() {
        return type == Type.LVMTHIN;
    }

    public boolean holds(String kind) {
        return content.contains(kind);
    }

    public String contentText() {
        return String.join(",", new TreeSet<>(content));
    }
}
