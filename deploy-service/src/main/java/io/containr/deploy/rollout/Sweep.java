package io.containr.deploy.rollout;

import io.containr.deploy.route.Gateways;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Has every service looked at that is not at rest, in case a message that should have woken it never came. */
@Component
class Sweep {

    private static final Duration GATEWAY_MEMORY = Duration.ofDays(7);

    private final Rollouts rollouts;
    private final Gateways gateways;
    private final WorkQueue reconcile;
    private final Clock clock;

    Sweep(Rollouts rollouts, Gateways gateways, WorkQueue reconcile, Clock clock) {
        this.rollouts = rollouts;
        this.gateways = gateways;
        this.reconcile = reconcile;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${containr.deploy.sweep:15s}")
    void wakeUnsettled() {
        rollouts.unsettled().forEach(reconcile::wake);
    }

    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void forgetGateways() {
        gateways.forgetSilent(clock.instant().minus(GATEWAY_MEMORY));
    }
}
