package io.containr.deploy.rollout;

import io.containr.runtime.work.WorkQueue;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Has every service looked at that is not at rest, in case a message that should have woken it never came. */
@Component
class Sweep {

    private final Rollouts rollouts;
    private final WorkQueue reconcile;

    Sweep(Rollouts rollouts, WorkQueue reconcile) {
        this.rollouts = rollouts;
        this.reconcile = reconcile;
    }

    @Scheduled(fixedDelayString = "${containr.deploy.sweep:15s}")
    void wakeUnsettled() {
        rollouts.unsettled().forEach(reconcile::wake);
    }
}
