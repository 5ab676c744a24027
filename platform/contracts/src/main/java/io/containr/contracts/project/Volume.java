package io.containr.contracts.project;

import org.jspecify.annotations.Nullable;

/**
 * Disk of a service that outlives its instances.
 *
 * @param sizeMiB MiB
 * @param path absolute, where an instance finds it; in a {@link ServiceSpec}: where the image declares no volume, which goes first;
 *     null there: {@code /data}
 */
public record Volume(int sizeMiB, @Nullable String path) {}
