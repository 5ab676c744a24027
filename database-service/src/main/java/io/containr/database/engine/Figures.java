package io.containr.database.engine;

import org.jspecify.annotations.Nullable;

/**
 * What an engine tells of itself. What it does not tell is null.
 *
 * @param connections of its clients, without the one that asks where the engine can tell them apart
 * @param storedBytes that its data take on the disk
 */
public record Figures(
        @Nullable Integer connections, @Nullable Long storedBytes) {

    public static final Figures UNKNOWN = new Figures(null, null);
}
