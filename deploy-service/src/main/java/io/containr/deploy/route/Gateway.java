package io.containr.deploy.route;

import java.time.Instant;

/**
 * A gateway, as seen from one host name.
 *
 * @param aliveAt its last sign of life
 * @param served the generation of the host's route that it serves, 0 where it never said
 */
public record Gateway(String id, Instant aliveAt, long served) {}
