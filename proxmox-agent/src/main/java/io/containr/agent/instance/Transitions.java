package io.containr.agent.instance;

import io.containr.agent.firewall.GuestFirewalls;
import io.containr.agent.placement.AddressPool;
import io.containr.agent.session.GuestAccess;
import io.containr.agent.session.NameChanges;
import io.containr.agent.session.RecentLines;
import io.containr.contracts.Failure;
import io.containr.contracts.ids.ServiceId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes of phase that others hear of: the row and the event in one transaction, and only from the phase that was seen. */
@Component
class Transitions {

    private static final Logger log = LoggerFactory.getLogger(Transitions.class);

    private final TransactionTemplate transaction;
    private final Instances instances;
    private final InstanceEvents events;
    private final AddressPool addresses;
    private final GuestAccess guests;
    private final RecentLines recent;
    private final NameChanges names;
    private final Volumes volumes;
    private final GuestFirewalls firewalls;

    Transitions(
            TransactionTemplate transaction,
            Instances instances,
            InstanceEvents events,
            AddressPool addresses,
            GuestAccess guests,
            RecentLines recent,
            NameChanges names,
            Volumes volumes,
            GuestFirewalls firewalls) {
        this.transaction = transaction;
        this.instances = instances;
        this.events = events;
        this.addresses = addresses;
        this.guests = guests;
        this.recent = recent;
        this.names = names;
        this.volumes = volumes;
        this.firewalls = firewalls;
    }

    void enter(Instance instance, Phase to) {
        transaction.executeWithoutResult(status -> {
            if (instances.enter(instance.id(), instance.phase(), to)) {
                log.info("Instance {} is {}", instance.id(), to);
                switch (to) {
                    case STARTED -> events.started(instance);
                    case HEALTHY -> events.healthy(instance, gap(instance));
                    case ACCEPTED, PLACED, PULLED, CREATED, CONFIGURED, UNHEALTHY, ENDED, FAILED, REMOVED -> {}
                }
            }
        });
        // Only who is healthy has a name.
        if (to == Phase.HEALTHY || instance.phase() == Phase.HEALTHY) {
            names.changed();
        }
    }

    void becomeUnhealthy(Instance instance, String reason) {
        transaction.executeWithoutResult(status -> {
            if (instances.enter(instance.id(), Phase.HEALTHY, Phase.UNHEALTHY)) {
                log.info("Instance {} is not healthy any more: {}", instance.id(), reason);
                events.unhealthy(instance, reason);
            }
        });
        names.changed();
    }

    void fail(Instance instance, Failure failure) {
        transaction.executeWithoutResult(status -> {
            if (instances.fail(instance.id(), instance.phase(), failure)) {
                log.info("Instance {} failed, {}: {}", instance.id(), failure.code(), failure.message());
                events.failed(instance, failure);
            }
        });
        names.changed();
    }

    /** It has the limits and the volume that were asked for. */
    void resized(Instance instance) {
        transaction.executeWithoutResult(status -> {
            if (instances.resized(instance)) {
                log.info(
                        "Instance {} has what generation {} asked for",
                        instance.id(),
                        instance.identity().generation());
                events.resized(instance.identity());
            }
        });
    }

    /** It does not have them; whether that is tried again. Told once for each reason. */
    void notResized(Instance instance, Failure failure, boolean triesAgain) {
        Instance.Resize resize = triesAgain ? Instance.Resize.WANTED : Instance.Resize.REFUSED;
        transaction.executeWithoutResult(status -> {
            if (instances.notResized(instance, failure.message(), resize)) {
                log.warn("Instance {} is not resized, {}: {}", instance.id(), failure.code(), failure.message());
                events.notResized(instance, failure, triesAgain);
            }
        });
    }

    /** Another is to be put in its place, or no longer. */
    void move(Instance instance, boolean away) {
        transaction.executeWithoutResult(status -> {
            if (instances.moving(instance.id(), away)) {
                log.info(
                        "Instance {} {} leave {}",
                        instance.id(),
                        away ? "is to" : "need not",
                        instance.location().nodeName());
                if (away) {
                    events.moveRequested(instance);
                } else {
                    events.moveWithdrawn(instance);
                }
            }
        });
    }

    /** How long nobody used the volume that was used before. */
    private Optional<Duration> gap(Instance instance) {
        return instance.keepsVolume() ? volumes.resume(instance.identity().service()) : Optional.empty();
    }

    /** Of a deleted service the volume went with the guest. */
    private void forgetVolume(Instance instance) {
        ServiceId service = instance.identity().service();
        volumes.find(service)
                .filter(stored -> stored.deleted()
                        && Objects.equals(stored.vmid(), instance.location().vmid()))
                .ifPresent(stored -> volumes.gone(service));
    }

    /** The instance is gone, and its guest with it. */
    void release(Instance instance) {
        leave(instance, () -> forgetVolume(instance));
    }

    /** The instance is gone; its guest stays where it is for the volume in it, also where that is to be deleted by now. */
    void releaseKeepingGuest(Instance instance) {
        leave(instance, () -> {});
    }

    private void leave(Instance instance, Runnable besides) {
        transaction.executeWithoutResult(status -> {
            addresses.release(instance.id());
            guests.end(instance.id());
            volumes.giveUp(instance.identity().service(), instance.id());
            besides.run();
            instances.bury(instance.id());
            firewalls.gone(instance.id(), instance.identity().project());
            events.removed(instance);
        });
        names.changed();
        recent.forget(instance.id());
        log.info("Instance {} is gone", instance.id());
    }
}
