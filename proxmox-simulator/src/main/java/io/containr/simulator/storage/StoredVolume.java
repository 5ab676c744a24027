package io.containr.simulator.storage;

import org.jspecify.annotations.Nullable;

/**
 * Something in a storage.
 *
 * @param volid such as {@code local:vztmpl/app_1.tar}
 * @param created seconds since the epoch
 * @param image the engine's image behind a pulled template
 * @param volume the engine's volume behind a mount point
 * @param file a path below the data directory, for what was uploaded or archived
 */
public record StoredVolume(
        String volid,
        String content,
        String format,
        long size,
        long created,
        @Nullable Integer vmid,
        @Nullable String notes,
        @Nullable String image,
        @Nullable String volume,
        @Nullable String file) {

    public String storage() {
        return volid.substring(0, volid.indexOf(':'));
    }

    StoredVolume resized(long bytes) {
        return new StoredVolume(volid, content, format, bytes, created, vmid, notes, image, volume, file);
    }

    StoredVolume ownedBy(String newVolid, int owner) {
        return new StoredVolume(newVolid, content, format, size, created, owner, notes, image, volume, file);
    }

    StoredVolume standingOn(String loadedImage) {
        return new StoredVolume(volid, content, format, size, created, vmid, notes, loadedImage, volume, file);
    }

    StoredVolume backedBy(String newVolume) {
        return new StoredVolume(volid, content, format, size, created, vmid, notes, image, newVolume, file);
    }
}
