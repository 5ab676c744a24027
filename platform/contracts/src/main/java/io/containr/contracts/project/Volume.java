package io.containr.contracts.project;

import org.jspecify.annotations.Nullable;

/**
 * Disk of a service that outlives its instances.
 *
 * @param sizeMiB MiB
 * @param path absolute, where an instance finds it; null in a {@link ServiceSpec}: the first volume that the image declares, else {@code /data}
 */
public record Volume(int sizeMiB, @Nullable String path) {}
