package io.containr.gateway.api;

import java.util.Map;

/**
 * What {@code /health} answers.
 *
 * @param status {@code ok}, or {@code degraded} while something required is down
 * @param dependencies {@code up} or {@code down} by the service's name, and by {@code service.part} for what it leans on;
 *     {@code absent} for a service that is not required and does not answer
 */
record HealthReport(String status, String service, String version, Map<String, String> dependencies, Routes routes) {

    static final String OK = "ok";

    boolean degraded() {
        return !status.equals(OK);
    }

    /**
     * @param hosts how many hosts of applications have a route
     * @param current whether the table is known to be up to date
     */
    record Routes(int hosts, boolean current) {}
}
