package io.containr.agent.proxmox;

import org.jspecify.annotations.Nullable;

/**
 * A volume in a guest's configuration.
 *
 * @param volume such as {@code local-lvm:vm-10000-disk-1}
 * @param path where the guest finds it
 */
public record Mount(String volume, String path, int sizeMiB) {

    /** From a line such as {@code local-lvm:vm-10000-disk-1,mp=/data,backup=1,size=2G}. */
    static @Nullable Mount parse(@Nullable String line) {
        if (line == null || line.isBlank()) {
            return null;
        }
        String[] parts = line.split(",");
        String path = "";
        int size = 0;
        for (String part : parts) {
            if (part.startsWith("mp=")) {
                path = part.substring("mp=".length());
            } else if (part.startsWith("size=")) {
                size = mebibytes(part.substring("size=".length()));
            }
        }
        return new Mount(parts[0].replaceFirst("^volume=", ""), path, size);
    }

    /** As Proxmox prints sizes: a number and perhaps a unit; rounded down. */
    private static int mebibytes(String size) {
        char unit = size.isEmpty() ? ' ' : Character.toUpperCase(size.charAt(size.length() - 1));
        double number = Double.parseDouble(Character.isDigit(unit) ? size : size.substring(0, size.length() - 1));
        return (int)
                switch (unit) {
                    case 'T' -> number * 1024 * 1024;
                    case 'G' -> number * 1024;
                    case 'M' -> number;
                    case 'K' -> number / 1024;
                    default -> number / (1024 * 1024);
                };
    }
}
