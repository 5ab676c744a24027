package io.containr.project.services;

import java.util.Map;

/**
 * A service as its owner describes it; exists only while a request is served.
 *
 * @param environment variables of the build, in clear
 */
record ServiceInput(Definition definition, Map<String, String> environment) {

    ServiceInput {
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        return "ServiceInput[" + definition + ", environment of " + environment.keySet() + "]";
    }
}
