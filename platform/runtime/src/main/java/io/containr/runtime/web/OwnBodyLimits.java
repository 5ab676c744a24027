package io.containr.runtime.web;

import java.util.List;

/** Where paths begin whose controllers read their requests themselves, under limits of their own; a bean of this type names some. */
public record OwnBodyLimits(List<String> prefixes) {

    public OwnBodyLimits {
        prefixes = List.copyOf(prefixes);
    }

    boolean contain(String path) {
        return prefixes.stream().anyMatch(path::startsWith);
    }
}
