package io.containr.runtime.variables;

import io.containr.contracts.ids.ServiceId;
import org.jspecify.annotations.Nullable;

/**
 * Whom variables belong to.
 *
 * @param service null: the project, whose services share them
 * @param name as users call it
 */
public record Owner(@Nullable ServiceId service, String name) {

    public static final Owner SHARED = new Owner(null, "shared");
}
