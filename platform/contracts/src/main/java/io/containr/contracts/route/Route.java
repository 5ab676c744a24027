package io.containr.contracts.route;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import java.util.List;

/**
 * One row of the route table; key is the host name.
 *
 * @param host lower-case host name without a port
 * @param generation rises with every change of this host's route; a lower one is ignored
 * @param targets where requests may go, in no order; empty: nothing answers, which is a 503
 */
public record Route(String host, ServiceId service, ProjectId project, long generation, List<Target> targets) {

    public Route {
        targets = List.copyOf(targets);
    }

    /** One instance. */
    public record Target(InstanceId instance, String address, int port) {}
}
