package io.containr.project.git;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A repository that a provider's token can see, as the API shows it.
 *
 * @param defaultBranch null where it is empty
 */
record GitRepository(
        String id,
        String name,
        String fullName,
        @Nullable String description,
        @JsonProperty("private") boolean hidden,
        @Nullable String defaultBranch,
        String cloneUrl,
        @Nullable String webUrl) {}
