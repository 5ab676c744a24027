package io.containr.contracts.route;

import java.time.Instant;

/** Facts from gateways; key is the gateway's id. */
public sealed interface RouteEvent {

    String gateway();

    /** From now on this gateway sends no new request by an older generation of the host's route. */
    record RouteServed(String gateway, String host, long generation, Instant at) implements RouteEvent {}

    /** Said every few seconds by a gateway that can read the route table. */
    record GatewayAlive(String gateway, Instant at) implements RouteEvent {}

    /** It takes no more requests. */
    record GatewayStopped(String gateway, Instant at) implements RouteEvent {}
}
