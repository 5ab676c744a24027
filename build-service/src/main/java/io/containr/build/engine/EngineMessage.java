package io.containr.build.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** One object of the stream that the engine answers a build with. */
@JsonIgnoreProperties(ignoreUnknown = true)
record EngineMessage(
        @Nullable String stream,
        @Nullable String status,
        @Nullable String id,
        @Nullable String progress,
        @Nullable ErrorDetail errorDetail,
        @Nullable Aux aux,
        @Nullable String message) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    record ErrorDetail(@Nullable Integer code, @Nullable String message) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Aux(@JsonProperty("ID") @Nullable String id) {}
}
