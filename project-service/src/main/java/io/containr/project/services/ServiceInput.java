package io.containr.project.services;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A service as its owner describes it; exists only while a request is served.
 *
 * @param environment variables of the build, in clear and in the order of their names
 */
record ServiceInput(Definition definition, Map<String, String> environment) {

    ServiceInput {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    @Override
    public String toString() {
        return "ServiceInput[" + definition + ", environment of " + environment.keySet() + "]";
    }
}
