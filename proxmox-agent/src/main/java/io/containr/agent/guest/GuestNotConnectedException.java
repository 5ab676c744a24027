package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;

/** A command for a guest that has no connection now. */
public final class GuestNotConnectedException extends RuntimeException {

    GuestNotConnectedException(InstanceId instance) {
        super("the guest of instance " + instance + " is not connected");
    }
}
