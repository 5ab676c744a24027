package io.containr.simulator.api;

import java.util.List;

/** A list of which only a part is shown: {@code total} stands beside the data. */
public record Paged(long total, List<?> data) {}
