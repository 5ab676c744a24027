package io.containr.gateway.api;

import java.util.Map;

/**
 * What {@code /health} answers.
 *
 * @param status {@code ok}, or {@code degraded} while a required service is down
 * @param dependencies {@code up} or {@code down} by the service's name
 */
record HealthReport(String status, String service, String version, Map<String, String> dependencies, Routes routes) {

    /**
     * @param hosts how many hosts of applications have a route
     * @param current whether the table is known to be up to date
     */
    record Routes(int hosts, boolean current) {}
}
