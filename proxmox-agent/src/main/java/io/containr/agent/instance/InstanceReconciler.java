package io.containr.agent.instance;

import io.containr.agent.proxmox.ProxmoxCheck;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.RefusalPauses;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The loop that makes one instance what it shall be. Each round reads everything again (what is wanted and how far it has
 * come from the database, what is there from Proxmox), has the next step decided, and takes it. Messages, the sweep and the
 * end of a wait all only begin another round, so there is no other path after a crash than the usual one:
 *
 * <pre>
 * ACCEPTED → PLACED → PULLED → CREATED → CONFIGURED → STARTED → HEALTHY ⇄ UNHEALTHY
 *     any of these → FAILED                     any of all → REMOVED
 * </pre>
 */
@Component
class InstanceReconciler {

    private static final Logger log = LoggerFactory.getLogger(InstanceReconciler.class);
    private static final int ROUNDS = 60;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Instances instances;
    private final Observer observer;
    private final Decision decision;
    private final Executor executor;
    private final ProxmoxCheck proxmox;
    private final Clock clock;
    private final RefusalPauses<InstanceId> refusals = new RefusalPauses<>();

    InstanceReconciler(
            Instances instances,
            Observer observer,
            Decision decision,
            Executor executor,
            ProxmoxCheck proxmox,
            Clock clock) {
        this.instances = instances;
        this.observer = observer;
        this.decision = decision;
        this.executor = executor;
        this.proxmox = proxmox;
        this.clock = clock;
    }

    Next reconcile(Work work) {
        InstanceId id = InstanceId.of(work.key());
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Instance> instance = instances.find(id);
            if (instance.isEmpty()) {
                return Next.done();
            }
            Outcome outcome = Origins.supply(instance.get().origin(), () -> round(instance.get()));
            switch (outcome) {
                case Outcome.Again again -> {}
                case Outcome.Later later -> {
                    return Next.after(later.delay());
                }
                case Outcome.Rest rest -> {
                    return Next.done();
                }
            }
        }
        return Next.after(PAUSE);
    }

    private Outcome round(Instance instance) {
        try {
            proxmox.ensureSupported();
            Observed seen = observer.observe(instance);
            Step step = decision.decide(instance.desired(), seen, clock.instant());
            log.debug("Instance {} in {}: {}", instance.id(), instance.phase(), step);
            Outcome outcome = executor.execute(step, instance);
            refusals.end(instance.id());
            return outcome;
        } catch (ProxmoxException e) {
            log.warn("Instance {} in {}: {}", instance.id(), instance.phase(), e.getMessage());
            instances.stumbled(
                    instance.id(), String.valueOf(e.getMessage()), !e.failure().isPassing());
            return new Outcome.Later(refusals.next(instance.id()));
        }
    }
}
